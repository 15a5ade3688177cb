import type { TableSummary } from './documents.ts';
import { findColumn } from './found-column.ts';
import { TableRow } from './table-row.tsx';
import { WideTable } from '../wide-table.tsx';
import styles from './tables.module.css';

/** The tables as one table that scrolls sideways where it must. */
export function TableList({ tables, search }: { tables: readonly TableSummary[]; search: string }) {
  return (
    <WideTable label="Tables" className={styles.list}>
      <thead>
        <tr>
          <th scope="col">Table</th>
          <th scope="col">Status</th>
          <th scope="col" className={styles.number}>
            Rows
          </th>
          <th scope="col" className={styles.number}>
            Size
          </th>
          <th scope="col">Last sync</th>
        </tr>
      </thead>
      <tbody>
        {tables.map((table) => (
          <TableRow key={table.id} table={table} found={findColumn(table, search)} />
        ))}
      </tbody>
    </WideTable>
  );
}
