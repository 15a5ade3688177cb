import { UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { formatBytes, formatCount } from '../format.ts';
import { ChevronIcon } from '../icons.tsx';
import { RelativeTime } from '../relative-time.tsx';
import type { TableSummary } from './documents.ts';
import { SyncStatus } from './sync-status.tsx';
import { TableDetails } from './table-details.tsx';
import styles from './tables.module.css';

interface TableRowProps {
  table: TableSummary;
  /** The column by which a search found it; null when its names or its description did. */
  found: TableSummary['columns'][number] | null;
}

/** One table, which leads to its page; its columns unfold below it. */
export function TableRow({ table, found }: TableRowProps) {
  const [open, setOpen] = useState(false);
  const detailsId = useId();
  const { sqlName, description, syncState } = table;
  return (
    <>
      <tr data-table={sqlName}>
        <th scope="row">
          <div className={styles.head}>
            <UnstyledButton
              className={styles.unfold}
              aria-label={`Columns of ${sqlName}`}
              aria-expanded={open}
              aria-controls={open ? detailsId : undefined}
              onClick={() => setOpen(!open)}
            >
              <ChevronIcon />
            </UnstyledButton>
            <div className={styles.names}>
              <Link to="/tables/$sqlName" params={{ sqlName }} className={styles.name} title={sqlName}>
                <bdi>{sqlName}</bdi>
              </Link>
              {description && !open && <bdi className={styles.subtitle}>{description}</bdi>}
              {found && !open && (
                <span className={styles.subtitle} title={found.description ?? undefined}>
                  Column <bdi className={styles.found}>{found.name}</bdi>
                  {found.description && (
                    <>
                      : <bdi>{found.description}</bdi>
                    </>
                  )}
                </span>
              )}
            </div>
          </div>
        </th>
        <td>
          <SyncStatus status={syncState.status} />
        </td>
        <td className={styles.number}>{syncState.rows === null ? <None /> : formatCount(syncState.rows)}</td>
        <td className={styles.number}>{syncState.sizeBytes === null ? <None /> : formatBytes(syncState.sizeBytes)}</td>
        <td>{syncState.lastSync === null ? <None /> : <RelativeTime moment={syncState.lastSync} />}</td>
      </tr>
      {!open && syncState.status === 'FAILED' && syncState.error && (
        <tr data-reason={sqlName}>
          <td colSpan={5} className={styles.below}>
            <bdi className={styles.reason}>{syncState.error}</bdi>
          </td>
        </tr>
      )}
      {open && (
        <tr id={detailsId}>
          <td colSpan={5} className={styles.below}>
            <TableDetails table={table} />
          </td>
        </tr>
      )}
    </>
  );
}

function None() {
  return (
    <span className={styles.none} aria-label="none">
      –
    </span>
  );
}
