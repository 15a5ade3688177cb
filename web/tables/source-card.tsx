import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../data/failure.ts';
import { useSession } from '../frame/session.ts';
import { SyncIcon } from '../icons.tsx';
import { StartSyncMutation } from './documents.ts';
import styles from './tables.module.css';
import type { Source } from './use-sources.ts';

/** One source; who may, starts a sync of all its tables here. */
export function SourceCard({ source, running }: { source: Source; running: boolean }) {
  const { may } = useSession();
  const { start, starting, refusal } = useStartSync(source.name);
  const count = source.tables.length;
  const label = running ? 'Syncing…' : 'Sync now';
  return (
    <li className={styles.card} data-source={source.name}>
      <div className={styles.names}>
        <bdi className={styles.name}>{source.name}</bdi>
        <span className={styles.subtitle}>
          <bdi>{source.connector}</bdi>, {count} {count === 1 ? 'table' : 'tables'}
        </span>
      </div>
      {may('Mutation.startSync') && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<SyncIcon />}
          disabled={running || starting}
          aria-label={`${label}: ${source.name}`}
          onClick={start}
        >
          {label}
        </Button>
      )}
      {refusal && (
        <p className={styles.error} role="alert">
          {refusal}
        </p>
      )}
    </li>
  );
}

function useStartSync(source: string) {
  const [{ fetching }, startSync] = useMutation(StartSyncMutation);
  const [refusal, setRefusal] = useState<string | null>(null);
  async function start(): Promise<void> {
    setRefusal(null);
    const { data, error } = await startSync({ input: { source } });
    if (error) setRefusal(describeFailure(error).message);
    else if (data?.startSync && 'message' in data.startSync) setRefusal(data.startSync.message);
  }
  return { start, starting: fetching, refusal };
}
