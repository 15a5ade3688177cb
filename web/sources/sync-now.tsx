import { Button } from '@mantine/core';
import { useChange } from '../data/use-change.ts';
import { useSession } from '../frame/session.ts';
import { SyncIcon } from '../icons.tsx';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { isOpen } from '../sync-runs/run-states.ts';
import { SyncSourceMutation, type SourceSummary } from './documents.ts';

interface SyncNowProps {
  source: {
    name: string;
    tables: readonly unknown[];
    lastRun: Pick<NonNullable<SourceSummary['lastRun']>, 'state'> | null;
  };
}

/** Queues a run of all tables of a source; nothing for who may not. */
export function SyncNow({ source: { name, tables, lastRun } }: SyncNowProps) {
  const { may } = useSession();
  const { send, refusal, sending } = useChange(SyncSourceMutation);
  if (!may('Mutation.startSync') || tables.length === 0) return null;
  const running = lastRun !== null && isOpen(lastRun.state);
  const label = running ? 'Syncing…' : 'Sync now';
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<SyncIcon />}
        disabled={running}
        loading={sending}
        aria-label={`${label}: ${name}`}
        onClick={() => void send({ source: name })}
      >
        {label}
      </Button>
      <RefusalText message={refusal?.message} />
    </>
  );
}
