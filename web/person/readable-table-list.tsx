import { Notice } from '../notice.tsx';
import { AccessReason } from './access-reason.tsx';
import type { ReadableTables } from './documents.ts';
import { NextPage } from './next-page.tsx';
import styles from './person.module.css';

/** Tables on the screen at once. */
export const readableTablesPerPage = 50;

interface ReadableTableListProps {
  tables: ReadableTables;
  /** What to do where there is none. */
  nobody: string;
  onPage: (after: string | null) => void;
  /** Whether these are the first. */
  first: boolean;
}

/** A page of the tables that somebody may read, each with the reason. */
export function ReadableTableList({ tables, nobody, onPage, first }: ReadableTableListProps) {
  const { edges, pageInfo, totalCount } = tables;
  if (edges.length === 0 && first) {
    return (
      <Notice title="No table may be read">
        <p>{nobody}</p>
      </Notice>
    );
  }
  return (
    <>
      <p className={styles.introduction}>{totalCount === 1 ? '1 table' : `${totalCount} tables`}</p>
      <ul className={styles.rows} aria-label="Readable tables">
        {edges.map(({ node: { table, reasons } }) => (
          <li key={table.id} data-readable={table.sqlName}>
            <div className={styles.what}>
              <bdi className={styles.name}>{table.sqlName}</bdi>
              {table.description && <bdi className={styles.detail}>{table.description}</bdi>}
            </div>
            <div className={styles.ways}>
              <AccessReason reasons={reasons} />
            </div>
          </li>
        ))}
      </ul>
      <NextPage
        size={readableTablesPerPage}
        first={first}
        next={pageInfo.hasNextPage ? pageInfo.endCursor : null}
        onPage={onPage}
      />
    </>
  );
}
