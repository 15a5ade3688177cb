import type { ReactNode } from 'react';
import { formatBytes, formatCount } from '../format.ts';
import { PageLink } from '../frame/page-link.tsx';
import { RelativeTime } from '../relative-time.tsx';
import { SyncStatus } from '../tables/sync-status.tsx';
import type { TableFacts } from './documents.ts';
import styles from './table.module.css';

const places: Record<TableFacts['queryMode'], string> = {
  LOCAL: 'in files of this instance',
  REMOTE: 'at their source; each statement reads them there',
  MATERIALIZED: 'in files of this instance, the result of a statement at the source',
};

/** What a table is and how fresh it is, in a few words each. */
export function TableFactList({ table }: { table: TableFacts }) {
  const { source, bucket, alias, queryMode, schedule, nextDueAt, version, watermarkColumn, syncState } = table;
  return (
    <>
      <dl className={styles.numbers}>
        <Fact name="Status">
          <SyncStatus status={syncState.status} />
        </Fact>
        <Fact name="Rows">{syncState.rows === null ? 'not known' : formatCount(syncState.rows)}</Fact>
        <Fact name="Size">{syncState.sizeBytes === null ? 'no files' : formatBytes(syncState.sizeBytes)}</Fact>
        <Fact name="Last sync">
          {syncState.lastSync === null ? 'never' : <RelativeTime moment={syncState.lastSync} />}
        </Fact>
        <Fact name="Next due">{nextDueAt === null ? 'when asked for' : <RelativeTime moment={nextDueAt} />}</Fact>
      </dl>
      <dl className={styles.facts}>
        <dt>Source</dt>
        <dd>
          <PageLink path="/admin/sources/$name" params={{ name: source }} otherwise={<bdi>{source}</bdi>}>
            <bdi>{source}</bdi>
          </PageLink>
          {bucket !== null && (
            <>
              , bucket <bdi>{bucket}</bdi>
            </>
          )}
        </dd>
        <dt>Rows are</dt>
        <dd>{places[queryMode]}</dd>
        {alias !== null && (
          <>
            <dt>Also called</dt>
            <dd>
              <code>{alias}</code>
            </dd>
          </>
        )}
        {schedule !== null && (
          <>
            <dt>Schedule</dt>
            <dd>
              <code>{schedule}</code>
            </dd>
          </>
        )}
        {watermarkColumn !== null && (
          <>
            <dt>New rows by</dt>
            <dd>
              <code>{watermarkColumn}</code>
            </dd>
          </>
        )}
        {version !== null && (
          <>
            <dt>Version</dt>
            <dd>
              <code title={version}>{version.slice(0, 12)}</code>
            </dd>
          </>
        )}
      </dl>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
