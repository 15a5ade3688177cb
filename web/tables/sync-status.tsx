import { Loader } from '@mantine/core';
import { DoneIcon, FailedIcon, NeverIcon } from '../icons.tsx';
import type { SyncState } from './documents.ts';
import styles from './tables.module.css';

/** How the last sync of a table went, or that one is running. */
export function SyncStatus({ status }: { status: SyncState['status'] }) {
  switch (status) {
    case 'RUNNING':
      return (
        <span className={styles.status} data-tone="busy">
          <Loader size="1.15em" color="var(--agnes-busy)" aria-hidden />
          Running
        </span>
      );
    case 'OK':
      return (
        <span className={styles.status} data-tone="good">
          <DoneIcon />
          OK
        </span>
      );
    case 'FAILED':
      return (
        <span className={styles.status} data-tone="bad">
          <FailedIcon />
          Failed
        </span>
      );
    case 'NEVER':
      return (
        <span className={styles.status} data-tone="none">
          <NeverIcon />
          Never synced
        </span>
      );
  }
}
