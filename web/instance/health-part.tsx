import type { ReactNode } from 'react';
import { formatBytes } from '../format.ts';
import { PageLink } from '../frame/page-link.tsx';
import person from '../person/person.module.css';
import { RelativeTime } from '../relative-time.tsx';
import type { InstanceHealth, Run } from './documents.ts';
import styles from './instance.module.css';

/** Less than this part of the disk is told in red. */
const leastFreePart = 0.05;

const shownRuns = 5;

interface HealthPartProps {
  health: InstanceHealth;
  /** Runs that failed as a whole or in part, in any order. */
  runs: readonly Run[];
}

/** The disk, the state database, what waits, and the runs that failed last. */
export function HealthPart({ health, runs }: HealthPartProps) {
  const { freeBytes, diskBytes, stateDatabase, stateBytes, dataDirectory } = health;
  const isLow = Number(freeBytes) < Number(diskBytes) * leastFreePart;
  const newest = runs.toSorted((one, other) => Date.parse(other.queuedAt) - Date.parse(one.queuedAt));
  return (
    <>
      <dl className={styles.figures}>
        <Figure name="Free on the disk" bad={isLow} detail={`of ${formatBytes(diskBytes)}`}>
          {formatBytes(freeBytes)}
        </Figure>
        <Figure name="State database" detail={stateDatabase === 'DUCKDB' ? 'a file of DuckDB' : 'in PostgreSQL'}>
          {formatBytes(stateBytes)}
        </Figure>
        <Figure name="Sync runs" detail={`${health.queuedRuns} waiting`}>
          {health.runningRuns} running
        </Figure>
        <Figure name="Exports" detail="not ended">
          {health.openExports}
        </Figure>
        <Figure name="Events of webhooks" detail="waiting">
          {health.waitingEvents}
        </Figure>
      </dl>
      <p className={person.introduction}>
        Everything it stores stands in <code className={styles.path}>{dataDirectory}</code>. Probes ask{' '}
        <code>/healthz</code> whether it runs and <code>/readyz</code> whether it takes requests.
      </p>
      <h3 className={person.subtitle}>Sync runs that failed last</h3>
      {newest.length === 0 ? (
        <p className={person.introduction}>No run that is kept has failed.</p>
      ) : (
        <ul className={person.rows} aria-label="Sync runs that failed last">
          {newest.slice(0, shownRuns).map((run) => (
            <li key={run.id} data-run={run.state}>
              <div className={person.what}>
                <RunName run={run} />
                <span className={person.detail}>
                  {run.state === 'FAILED' ? 'failed' : 'failed in part'}{' '}
                  <RelativeTime moment={run.finishedAt ?? run.queuedAt} />
                </span>
              </div>
              <div className={person.ways}>
                <Faults run={run} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function RunName({ run: { id, source } }: { run: Run }) {
  const name = <bdi className={person.name}>{source?.name ?? 'a source that is gone'}</bdi>;
  return (
    <PageLink path="/admin/sync-runs/$id" params={{ id: id.replace('SyncRun:', '') }} otherwise={name}>
      {name}
    </PageLink>
  );
}

interface FigureProps {
  name: string;
  detail: string;
  bad?: boolean;
  children: ReactNode;
}

function Figure({ name, detail, bad = false, children }: FigureProps) {
  return (
    <div className={styles.figure} data-bad={bad}>
      <dt>{name}</dt>
      <dd>
        <strong>{children}</strong> <span>{detail}</span>
      </dd>
    </div>
  );
}

function Faults({ run: { error, tables } }: { run: Run }) {
  const failed = tables.filter((table) => table.error !== null);
  const [first] = failed;
  if (error !== null) return <bdi className={styles.fault}>{error}</bdi>;
  if (!first) return null;
  return (
    <>
      <bdi>{first.table?.sqlName ?? 'a table that is gone'}</bdi>: <bdi className={styles.fault}>{first.error}</bdi>
      {failed.length > 1 && ` and ${failed.length - 1} more`}
    </>
  );
}
