import type { ShownColumns } from './result-row.tsx';
import styles from './results.module.css';
import { isNumeric } from './value-text.ts';

interface ResultHeadProps {
  shown: ShownColumns;
  /** How wide the column of row numbers is. */
  numberPixels: number;
}

/** The widths, names and types of the columns in sight; it stays while the rows scroll. */
export function ResultHead({ shown, numberPixels }: ResultHeadProps) {
  return (
    <>
      <colgroup>
        <col style={{ width: numberPixels }} />
        {shown.before > 0 && <col style={{ width: shown.before }} />}
        {shown.columns.map(({ index }, at) => (
          <col key={index} style={{ width: shown.widths[at] }} />
        ))}
        {/* What is left of the width, where all columns are in sight. */}
        <col style={{ width: shown.behind > 0 ? shown.behind : 'auto' }} />
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col" aria-colindex={1} className={styles.corner}>
            Row
          </th>
          {shown.before > 0 && <td aria-hidden="true" />}
          {shown.columns.map(({ name, type, index }) => (
            <th
              key={index}
              scope="col"
              aria-colindex={index + 2}
              data-numeric={isNumeric(type) || undefined}
              title={`${name} ${type}`}
            >
              <bdi className={styles.name}>{name}</bdi>
              <span className={styles.type}>{type}</span>
            </th>
          ))}
          <td aria-hidden="true" />
        </tr>
      </thead>
    </>
  );
}
