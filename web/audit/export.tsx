import { Button } from '@mantine/core';
import { formatCount } from '../format.ts';
import type { AuditFilter } from './audit-filter.ts';
import styles from './audit.module.css';
import { useExport, type ExportState } from './use-export.ts';

/** Saves all events that fit the filter, those of other pages too, as a file. */
export function Export({ filter }: { filter: AuditFilter }) {
  const { state, start, cancel } = useExport(filter);
  const running = state.kind === 'running';
  return (
    <div className={styles.export}>
      <span className={styles.exportLabel}>
        {Object.keys(filter).length > 0 ? 'Every event that fits, as a file:' : 'Every event, as a file:'}
      </span>
      <Button variant="default" size="compact-sm" disabled={running} onClick={() => void start('csv')}>
        Export CSV
      </Button>
      <Button variant="default" size="compact-sm" disabled={running} onClick={() => void start('ndjson')}>
        Export NDJSON
      </Button>
      {running && (
        <Button variant="default" size="compact-sm" onClick={cancel}>
          Stop
        </Button>
      )}
      <span role={state.kind === 'failed' ? 'alert' : 'status'} className={styles.exportState} data-state={state.kind}>
        {describe(state)}
      </span>
    </div>
  );
}

function describe(state: ExportState): string {
  switch (state.kind) {
    case 'idle':
      return '';
    case 'running':
      return `${formatCount(String(state.events))} events so far…`;
    case 'done':
      return `Saved ${formatCount(String(state.events))} ${state.events === 1 ? 'event' : 'events'}.`;
    case 'failed':
      return `Nothing was saved: ${state.message}`;
  }
}
