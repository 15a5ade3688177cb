import { Button } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { Dialog } from '../dialog.tsx';
import { useSession } from '../frame/session.ts';
import { SyncIcon } from '../icons.tsx';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { CancelSyncRunMutation, type Run } from './documents.ts';
import { isOpen } from './run-states.ts';
import { useRetry } from './use-retry.ts';

interface RunActionsProps {
  run: Pick<Run, 'id' | 'state' | 'source' | 'counts'>;
  /** Called with the id of the new run. */
  onRetried?: (id: string) => void;
}

/** Stops a run that is on its way; asks once more for what one that has ended did not bring. */
export function RunActions({ run, onRetried }: RunActionsProps) {
  const { may } = useSession();
  if (isOpen(run.state)) return may('Mutation.cancelSyncRun') ? <CancelButton run={run} /> : null;
  if (run.state === 'SUCCEEDED' || !run.source || !may('Mutation.startSync')) return null;
  return <RetryButton run={run} onRetried={onRetried} />;
}

function CancelButton({ run }: Pick<RunActionsProps, 'run'>) {
  const [asking, setAsking] = useState(false);
  const { send, refusal, sending } = useChange(CancelSyncRunMutation);
  const name = run.source?.name ?? 'the run';

  async function cancel(): Promise<void> {
    if (await send({ id: run.id })) setAsking(false);
  }

  return (
    <>
      <Button variant="default" size="compact-sm" aria-label={`Cancel: ${name}`} onClick={() => setAsking(true)}>
        Cancel
      </Button>
      <Dialog title="Cancel the run" opened={asking} onClose={() => setAsking(false)}>
        <Confirm
          action="Cancel the run"
          keep="Let it run"
          sending={sending}
          refusal={refusal?.message}
          onConfirm={() => void cancel()}
          onCancel={() => setAsking(false)}
        >
          <p>
            The run of <bdi>{name}</bdi> stops. Nothing of it is published; its tables keep their last good rows.
          </p>
        </Confirm>
      </Dialog>
    </>
  );
}

function RetryButton({ run, onRetried }: RunActionsProps) {
  const { retry, refusal, sending } = useRetry(run.id);
  const { failed } = run.counts;
  const label = run.state === 'PARTIAL' ? `Retry ${failed} failed ${failed === 1 ? 'table' : 'tables'}` : 'Run again';

  async function start(): Promise<void> {
    const id = await retry();
    if (id !== null) onRetried?.(id);
  }

  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<SyncIcon />}
        loading={sending}
        aria-label={`${label}: ${run.source?.name ?? ''}`}
        onClick={() => void start()}
      >
        {label}
      </Button>
      <RefusalText message={refusal} />
    </>
  );
}
