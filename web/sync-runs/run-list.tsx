import { Link } from '@tanstack/react-router';
import { RelativeTime } from '../relative-time.tsx';
import type { ListedRun } from './documents.ts';
import { RunActions } from './run-actions.tsx';
import { RunDuration } from './run-duration.tsx';
import { storedIdOf } from './run-id.ts';
import { RunProgress } from './run-progress.tsx';
import { RunState } from './run-state.tsx';
import { isOpen } from './run-states.ts';
import { WideTable } from '../wide-table.tsx';
import styles from './sync-runs.module.css';

/** Runs as a table that scrolls sideways where it must. */
export function RunList({ runs }: { runs: readonly ListedRun[] }) {
  return (
    <WideTable label="Sync runs" className={styles.list}>
      <thead>
        <tr>
          <th scope="col">Source</th>
          <th scope="col">State</th>
          <th scope="col">Tables</th>
          <th scope="col">Asked for</th>
          <th scope="col">Took</th>
          <th scope="col">Action</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </tbody>
    </WideTable>
  );
}

function RunRow({ run }: { run: ListedRun }) {
  const { id, source, state, counts, queuedAt, requestedBy, startedAt, finishedAt } = run;
  return (
    <>
      <tr data-run={storedIdOf(id)} data-state={state}>
        <th scope="row">
          <Link to="/admin/sync-runs/$id" params={{ id: storedIdOf(id) }} className={styles.name}>
            <bdi>{source?.name ?? 'a source that is gone'}</bdi>
          </Link>
        </th>
        <td>
          <RunState state={state} />
        </td>
        <td>{isOpen(state) ? <RunProgress run={run} /> : describeCounts(counts)}</td>
        <td>
          <RelativeTime moment={queuedAt} />
          <bdi className={styles.detail} title={requestedBy}>
            by {requestedBy}
          </bdi>
        </td>
        <td className={styles.number}>
          <RunDuration startedAt={startedAt} finishedAt={finishedAt} />
        </td>
        <td>
          <RunActions run={run} />
        </td>
      </tr>
      {(run.error !== null || run.failures.length > 0) && (
        <tr>
          <td colSpan={6} className={styles.below}>
            <Failures run={run} />
          </td>
        </tr>
      )}
    </>
  );
}

function Failures({ run: { id, error, failures, counts } }: { run: ListedRun }) {
  const rest = counts.failed - failures.length;
  return (
    <ul className={styles.failures} data-failures={storedIdOf(id)}>
      {error !== null && (
        <li>
          <bdi>{error}</bdi>
        </li>
      )}
      {failures.map((failure, place) => (
        <li key={failure.table?.sqlName ?? place}>
          {failure.table && (
            <strong>
              <bdi>{failure.table.sqlName}</bdi>
            </strong>
          )}{' '}
          <bdi>{failure.error}</bdi>
        </li>
      ))}
      {rest > 0 && <li>and {rest} more</li>}
    </ul>
  );
}

function describeCounts({ tables, failed }: ListedRun['counts']): string {
  if (failed > 0) return `${failed} of ${tables} failed`;
  return tables === 1 ? '1 table' : `${tables} tables`;
}
