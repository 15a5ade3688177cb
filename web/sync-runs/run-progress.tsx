import type { Run } from './documents.ts';
import styles from './sync-runs.module.css';

/** How much of the tables of a run is done, as a bar and in numbers. */
export function RunProgress({ run: { counts, source } }: { run: Pick<Run, 'counts' | 'source'> }) {
  const { tables, ended } = counts;
  const said = `${ended} of ${tables} ${tables === 1 ? 'table' : 'tables'}`;
  return (
    <span className={styles.progress}>
      <span
        className={styles.bar}
        role="progressbar"
        aria-label={`Progress of ${source?.name ?? 'the run'}`}
        aria-valuemin={0}
        aria-valuemax={tables}
        aria-valuenow={ended}
        aria-valuetext={said}
      >
        <span className={styles.done} style={{ width: `${tables === 0 ? 100 : (100 * ended) / tables}%` }} />
      </span>
      <span className={styles.numbers}>{said}</span>
    </span>
  );
}
