import { Link } from '@tanstack/react-router';
import { RelativeTime } from '../relative-time.tsx';
import { storedIdOf } from '../sync-runs/run-id.ts';
import { RunState } from '../sync-runs/run-state.tsx';
import type { SourceSummary } from './documents.ts';
import { DueTime } from './due-time.tsx';
import { SyncNow } from './sync-now.tsx';
import styles from './sources.module.css';
import { TableCounts } from './table-counts.tsx';
import { WideTable } from '../wide-table.tsx';

/** Sources as a table that scrolls sideways where it must. */
export function SourceList({ sources }: { sources: readonly SourceSummary[] }) {
  return (
    <WideTable label="Sources" className={styles.list}>
      <thead>
        <tr>
          <th scope="col">Source</th>
          <th scope="col">Tables</th>
          <th scope="col">Last run</th>
          <th scope="col">Next due</th>
          <th scope="col">Action</th>
        </tr>
      </thead>
      <tbody>
        {sources.map((source) => (
          <SourceRow key={source.id} source={source} />
        ))}
      </tbody>
    </WideTable>
  );
}

function SourceRow({ source }: { source: SourceSummary }) {
  const { name, connector, tables, lastRun, dueTimes } = source;
  return (
    <>
      <tr data-source={name}>
        <th scope="row">
          <Link to="/admin/sources/$name" params={{ name }} className={styles.name}>
            <bdi>{name}</bdi>
          </Link>
          <bdi className={styles.detail}>{connector}</bdi>
        </th>
        <td>
          <TableCounts tables={tables} />
        </td>
        <td>
          {lastRun ? (
            <>
              <Link to="/admin/sync-runs/$id" params={{ id: storedIdOf(lastRun.id) }} className={styles.quiet}>
                <RunState state={lastRun.state} />
              </Link>
              <span className={styles.detail}>
                <RelativeTime moment={lastRun.queuedAt} />
              </span>
            </>
          ) : (
            'never'
          )}
        </td>
        <td>
          <DueTime at={dueTimes[0]?.at} />
        </td>
        <td>
          <SyncNow source={source} />
        </td>
      </tr>
      {lastRun?.error != null && (
        <tr>
          <td colSpan={5} className={styles.below}>
            <bdi className={styles.trouble}>{lastRun.error}</bdi>
          </td>
        </tr>
      )}
    </>
  );
}
