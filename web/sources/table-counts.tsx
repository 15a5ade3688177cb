import styles from './sources.module.css';

interface TableCountsProps {
  tables: readonly { syncState: { status: string } }[];
}

/** How many tables a source has, and what is the matter with them. */
export function TableCounts({ tables }: TableCountsProps) {
  if (tables.length === 0) return <span className={styles.dimmed}>none yet</span>;
  const failed = tables.filter(({ syncState }) => syncState.status === 'FAILED').length;
  const never = tables.filter(({ syncState }) => syncState.status === 'NEVER').length;
  return (
    <>
      {tables.length}
      {failed > 0 && <span className={styles.bad}>{failed} failed</span>}
      {never > 0 && <span className={styles.detail}>{never} never synced</span>}
    </>
  );
}
