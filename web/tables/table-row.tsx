import { UnstyledButton } from '@mantine/core';
import { useId, useState } from 'react';
import { formatBytes, formatCount } from '../format.ts';
import { ChevronIcon } from '../icons.tsx';
import { RelativeTime } from '../relative-time.tsx';
import type { TableSummary } from './documents.ts';
import { SyncStatus } from './sync-status.tsx';
import { TableDetails } from './table-details.tsx';
import styles from './tables.module.css';

/** One table; its columns unfold below it. */
export function TableRow({ table }: { table: TableSummary }) {
  const [open, setOpen] = useState(false);
  const detailsId = useId();
  const { sqlName, description, syncState } = table;
  return (
    <>
      <tr data-table={sqlName}>
        <th scope="row">
          <UnstyledButton
            className={styles.unfold}
            aria-expanded={open}
            aria-controls={open ? detailsId : undefined}
            onClick={() => setOpen(!open)}
          >
            <ChevronIcon />
            <span className={styles.names}>
              <bdi className={styles.name}>{sqlName}</bdi>
              {description && !open && <bdi className={styles.subtitle}>{description}</bdi>}
            </span>
          </UnstyledButton>
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
