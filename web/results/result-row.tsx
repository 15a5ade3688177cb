import { memo } from 'react';
import type { ResultColumn } from './documents.ts';
import styles from './results.module.css';
import { isNumeric, shorten, textOf } from './value-text.ts';

/** The columns in sight, and how wide those before and behind them are, in pixels. */
export interface ShownColumns {
  columns: readonly (ResultColumn & { index: number })[];
  widths: readonly number[];
  before: number;
  behind: number;
}

interface ResultRowProps {
  /** The ids of cells begin with it. */
  id: string;
  index: number;
  row: readonly unknown[];
  shown: ShownColumns;
  /** The column of the chosen cell when it is in this row. */
  chosenColumn: number | null;
}

/** A row of a result; rendered again only when something of it changes. */
export const ResultRow = memo(Row);

function Row({ id, index, row, shown, chosenColumn }: ResultRowProps) {
  return (
    <tr aria-rowindex={index + 2} data-row={index}>
      <th scope="row" aria-colindex={1} className={styles.number}>
        {index + 1}
      </th>
      {shown.before > 0 && <td aria-hidden="true" />}
      {shown.columns.map(({ index: column, type }) => (
        <td
          key={column}
          id={`${id}-${index}-${column}`}
          aria-colindex={column + 2}
          aria-selected={column === chosenColumn}
          data-column={column}
          data-numeric={isNumeric(type) || undefined}
        >
          <Value value={row[column]} />
        </td>
      ))}
      <td aria-hidden="true" />
    </tr>
  );
}

function Value({ value }: { value: unknown }) {
  const text = textOf(value);
  return text === null ? <span className={styles.null}>NULL</span> : <bdi>{shorten(text)}</bdi>;
}
