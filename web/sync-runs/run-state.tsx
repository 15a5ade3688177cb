import { Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { DoneIcon, FailedIcon, NeverIcon, WaitingIcon } from '../icons.tsx';
import styles from './sync-runs.module.css';
import type { RunState as State } from './documents.ts';
import { runStateNames } from './run-states.ts';

const looks: Readonly<Record<State, { tone: string; icon: ReactNode }>> = {
  QUEUED: { tone: 'none', icon: <WaitingIcon /> },
  RUNNING: { tone: 'busy', icon: <Loader size="1.15em" color="var(--agnes-busy)" aria-hidden /> },
  SUCCEEDED: { tone: 'good', icon: <DoneIcon /> },
  PARTIAL: { tone: 'bad', icon: <FailedIcon /> },
  FAILED: { tone: 'bad', icon: <FailedIcon /> },
  CANCELLED: { tone: 'none', icon: <NeverIcon /> },
};

/** Where a run, or a table of one, is: an icon and a word. */
export function RunState({ state }: { state: State }) {
  const { tone, icon } = looks[state];
  return (
    <span className={styles.state} data-tone={tone}>
      {icon}
      {runStateNames[state]}
    </span>
  );
}
