import { Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { RunningTime } from './running-time.tsx';
import styles from './results.module.css';
import type { Run } from './use-run.ts';

interface RunOutcomeProps<Data> {
  run: Run<Data>;
  /** Shows the answer; `number` tells one answer from the next. */
  children: (data: Data, number: number) => ReactNode;
}

/** That a statement runs and how long it has, why it failed in the server's words, that it was cancelled, or its answer. */
export function RunOutcome<Data>({ run, children }: RunOutcomeProps<Data>) {
  switch (run.state) {
    case 'none':
      return null;
    case 'running':
      return (
        <p className={styles.running}>
          <Loader size="1.15em" role="status" aria-label="The statement runs" />
          <span aria-hidden="true">
            <RunningTime since={run.since} />
          </span>
        </p>
      );
    case 'cancelled':
      return <p role="status">Cancelled: the server has stopped the statement.</p>;
    case 'failed':
      return (
        <p className={styles.failure} role="alert">
          {run.message}
        </p>
      );
    case 'done':
      return children(run.data, run.number);
  }
}
