import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useChange } from '../data/use-change.ts';
import { formatCount } from '../format.ts';
import { useSession } from '../frame/session.ts';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { SyncStatus } from '../tables/sync-status.tsx';
import { SyncSourceMutation, type RegisteredTable } from './documents.ts';
import { DueTime } from './due-time.tsx';
import { WideTable } from '../wide-table.tsx';
import styles from './sources.module.css';

interface RegisteredTablesProps {
  source: string;
  tables: readonly RegisteredTable[];
  onEdit: (table: RegisteredTable) => void;
  onUnregister: (table: RegisteredTable) => void;
}

/** Registered tables as a table that scrolls sideways where it must. */
export function RegisteredTables(props: RegisteredTablesProps) {
  return (
    <WideTable label="Registered tables" className={styles.registered}>
      <thead>
        <tr>
          <th scope="col">Table</th>
          <th scope="col">Status</th>
          <th scope="col">Schedule</th>
          <th scope="col">Visible to</th>
          <th scope="col">Actions</th>
        </tr>
      </thead>
      <tbody>
        {props.tables.map((table) => (
          <TableRow key={table.id} table={table} {...props} />
        ))}
      </tbody>
    </WideTable>
  );
}

const placesOfRows: Readonly<Record<RegisteredTable['queryMode'], string | null>> = {
  LOCAL: null,
  REMOTE: 'read at its source',
  MATERIALIZED: 'a statement’s result',
};

function TableRow({ table, source, onEdit, onUnregister }: RegisteredTablesProps & { table: RegisteredTable }) {
  const { may } = useSession();
  const { send, refusal, sending } = useChange(SyncSourceMutation);
  const { id, sqlName, description, isPublic, schedule, nextDueAt, queryMode, syncState } = table;
  return (
    <>
      <tr data-table={sqlName}>
        <th scope="row">
          <Link to="/tables/$sqlName" params={{ sqlName }} className={styles.name}>
            <bdi>{sqlName}</bdi>
          </Link>
          {description !== null && (
            <bdi className={styles.detail} title={description}>
              {description}
            </bdi>
          )}
        </th>
        <td>
          <SyncStatus status={syncState.status} />
          <span className={styles.detail}>
            {placesOfRows[queryMode] ?? (syncState.rows === null ? '' : `${formatCount(syncState.rows)} rows`)}
          </span>
        </td>
        <td>
          {schedule === null ? (
            <span className={styles.dimmed}>only when asked</span>
          ) : (
            <>
              <bdi>{schedule}</bdi>
              <span className={styles.detail}>
                next: <DueTime at={nextDueAt} />
              </span>
            </>
          )}
        </td>
        <td>{isPublic ? 'everybody' : 'who has a grant'}</td>
        <td>
          <Group gap="0.375rem">
            {may('Mutation.updateTable') && (
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`Change: ${sqlName}`}
                onClick={() => onEdit(table)}
              >
                Change
              </Button>
            )}
            {may('Mutation.startSync') && (
              <Button
                variant="default"
                size="compact-sm"
                loading={sending}
                disabled={syncState.status === 'RUNNING'}
                aria-label={`Sync: ${sqlName}`}
                onClick={() => void send({ source, tables: [id] })}
              >
                Sync
              </Button>
            )}
            {may('Mutation.unregisterTable') && (
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`Unregister: ${sqlName}`}
                onClick={() => onUnregister(table)}
              >
                Unregister
              </Button>
            )}
          </Group>
          <RefusalText message={refusal?.message} />
        </td>
      </tr>
      {syncState.status === 'FAILED' && syncState.error !== null && (
        <tr>
          <td colSpan={5} className={styles.below}>
            <bdi className={styles.trouble}>{syncState.error}</bdi>
          </td>
        </tr>
      )}
    </>
  );
}
