import { Progress } from '@mantine/core';
import type { Run } from './documents.ts';
import styles from './sync-runs.module.css';

/** How much of the tables of a run is done, as a bar and in numbers. */
export function RunProgress({ run }: { run: Pick<Run, 'counts' | 'progress' | 'source'> }) {
  const { tables, ended } = run.counts;
  const said = `${ended} of ${tables} ${tables === 1 ? 'table' : 'tables'}`;
  return (
    <span className={styles.progress}>
      <Progress.Root size="sm" className={styles.bar}>
        <Progress.Section
          value={run.progress * 100}
          aria-label={`Progress of ${run.source?.name ?? 'the run'}`}
          aria-valuetext={said}
        />
      </Progress.Root>
      <span className={styles.numbers}>{said}</span>
    </span>
  );
}
