import { Button, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { SyncIcon } from '../icons.tsx';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { useInputMutation } from '../sign-in/use-input-mutation.ts';
import { StartSyncMutation } from '../tables/documents.ts';
import { announceSyncEvent, applySyncEvent, noLiveStates } from '../tables/live-states.ts';
import { SyncStatus } from '../tables/sync-status.tsx';
import { useSyncEvents } from '../tables/use-sync-events.ts';
import type { GuideSource } from './documents.ts';
import styles from './setup-guide.module.css';

interface SyncStepProps {
  sources: readonly GuideSource[];
  onDone: (announcement: string) => void;
}

/** Brings the rows of a source, and shows each table as it goes. */
export function SyncStep({ sources, onDone }: SyncStepProps) {
  const [live, setLive] = useState({ sources, states: noLiveStates, announcement: '' });
  // What was just fetched is newer than what events said before.
  if (live.sources !== sources) setLive({ sources, states: noLiveStates, announcement: '' });
  useSyncEvents((event) => {
    if (event.__typename === 'SyncFinished') return onDone(`The sync of ${event.source} has ended.`);
    setLive((last) => ({
      sources: last.sources,
      states: applySyncEvent(last.states, event),
      announcement: announceSyncEvent(event) ?? last.announcement,
    }));
  });
  const ready = sources.filter(({ tables }) => tables.length > 0);
  if (ready.length === 0) return <p>Register tables first.</p>;
  return (
    <>
      <VisuallyHidden role="status">{live.announcement}</VisuallyHidden>
      {ready.map(({ id, name, tables }) => (
        <section key={id} aria-label={`Sync of ${name}`}>
          <ul className={styles.tables}>
            {tables.map((table) => {
              const { status, rows, error } = live.states.get(table.id) ?? table.syncState;
              return (
                <li key={table.id} data-table={table.sqlName}>
                  <bdi>{table.sqlName}</bdi> <SyncStatus status={status} />
                  {status === 'OK' && rows !== null && <span>{rows} rows</span>}
                  {error && <bdi className={styles.error}>{error}</bdi>}
                </li>
              );
            })}
          </ul>
          <StartButton source={name} />
        </section>
      ))}
    </>
  );
}

function StartButton({ source }: { source: string }) {
  const { send, refusal, sending } = useInputMutation(StartSyncMutation, []);
  return (
    <>
      <Button leftSection={<SyncIcon />} loading={sending} onClick={() => void send({ source })}>
        Sync {source}
      </Button>
      <RefusalText message={refusal?.message} />
    </>
  );
}
