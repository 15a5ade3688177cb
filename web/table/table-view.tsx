import { Anchor, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSession } from '../frame/session.ts';
import { AccessSection } from './access-section.tsx';
import { ColumnList } from './column-list.tsx';
import type { TableFacts } from './documents.ts';
import { SampleSection } from './sample-section.tsx';
import { SyncHistory } from './sync-history.tsx';
import { TableFactList } from './table-fact-list.tsx';
import styles from './table.module.css';
import { UseSection } from './use-section.tsx';

/** A table that the viewer may read. */
export function TableView({ table }: { table: TableFacts }) {
  const { instance, may } = useSession();
  const { id, sqlName, description, syncState } = table;
  return (
    <>
      <title>{`${sqlName} · ${instance.name}`}</title>
      <p className={styles.back}>
        <Anchor component={Link} to="/tables" underline="always" inherit>
          All tables
        </Anchor>
      </p>
      <Title order={1} size="h2" className={styles.title}>
        <bdi>{sqlName}</bdi>
      </Title>
      {description && (
        <p className={styles.description}>
          <bdi>{description}</bdi>
        </p>
      )}
      <TableFactList table={table} />
      {syncState.status === 'FAILED' && syncState.error && (
        <p className={styles.failure}>
          <strong>The last sync failed; the rows are those of the one before.</strong> <bdi>{syncState.error}</bdi>
        </p>
      )}
      <ColumnList table={table} />
      <SampleSection table={table} />
      <UseSection table={table} />
      {may('Query.syncRuns') && <SyncHistory tableId={id} />}
      <AccessSection table={table} />
    </>
  );
}
