import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { CellValue } from './cell-value.tsx';
import { moveBy, type CellPlace } from './cell-moves.ts';
import { columnWidths } from './column-widths.ts';
import type { ResultRows } from './documents.ts';
import { ResultHead } from './result-head.tsx';
import { ResultRow, type ShownColumns } from './result-row.tsx';
import styles from './results.module.css';

const rowPixels = 32;
const headPixels = 52;
const numberPixels = 64;
/** With what fits into the largest table they stay below 60 rows. */
const spareRows = 10;
const spareColumns = 4;

interface ResultTableProps extends ResultRows {
  /** What the rows are: `The result`. */
  label: string;
}

/**
 * Any number of rows as a table of which only what is in sight, and a little more, is in the document. A cell is chosen by
 * pointing or by the arrow keys, and then stands below the table whole.
 */
export function ResultTable({ label, columns, rows }: ResultTableProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<CellPlace | null>(null);
  const widths = useMemo(() => columnWidths({ columns, rows }), [columns, rows]);
  const getScrollElement = () => scroller.current;
  // Nothing below is memoized by what these return, and no compiler memoizes it.
  // oxlint-disable-next-line react/incompatible-library
  const rowWindow = useVirtualizer({
    count: rows.length,
    getScrollElement,
    estimateSize: () => rowPixels,
    overscan: spareRows,
    // The head covers the first rows in sight.
    scrollPaddingEnd: headPixels,
  });
  const columnWindow = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement,
    estimateSize: (index) => widths[index] ?? 0,
    overscan: spareColumns,
    scrollPaddingEnd: numberPixels,
  });
  const shownRows = rowWindow.getVirtualItems();
  const inSight = columnWindow.getVirtualItems();
  const [firstColumn, lastColumn] = [inSight[0]?.index ?? 0, inSight.at(-1)?.index ?? -1];
  const shown = useMemo<ShownColumns>(
    () => ({
      columns: columns.slice(firstColumn, lastColumn + 1).map((column, at) => ({ ...column, index: firstColumn + at })),
      widths: widths.slice(firstColumn, lastColumn + 1),
      before: sum(widths.slice(0, firstColumn)),
      behind: sum(widths.slice(lastColumn + 1)),
    }),
    [columns, widths, firstColumn, lastColumn],
  );
  const [above, below] = [shownRows[0]?.start ?? 0, rowWindow.getTotalSize() - (shownRows.at(-1)?.end ?? 0)];

  function choose(place: CellPlace): void {
    setChosen(place);
    rowWindow.scrollToIndex(place.row);
    columnWindow.scrollToIndex(place.column);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headPixels) / rowPixels) - 1);
    const next = rows.length > 0 && moveBy(event, chosen, { rows: rows.length, columns: columns.length, page });
    if (!next) return;
    event.preventDefault();
    choose(next);
  }

  function onClick({ target }: MouseEvent): void {
    const cell = (target as Element).closest<HTMLElement>('td[data-column]');
    const row = cell?.closest<HTMLElement>('tr[data-row]')?.dataset['row'];
    if (cell && row !== undefined) setChosen({ row: Number(row), column: Number(cell.dataset['column']) });
  }

  const isShown =
    chosen !== null &&
    shownRows.some(({ index }) => index === chosen.row) &&
    chosen.column >= firstColumn &&
    chosen.column <= lastColumn;
  return (
    <>
      <div ref={scroller} className={styles.scroller}>
        <table
          role="grid"
          aria-label={label}
          aria-rowcount={rows.length + 1}
          aria-colcount={columns.length + 1}
          aria-readonly="true"
          aria-activedescendant={isShown ? `${id}-${chosen.row}-${chosen.column}` : undefined}
          tabIndex={0}
          className={styles.table}
          style={{ width: `max(100%, ${numberPixels + sum(widths)}px)` }}
          onKeyDown={onKeyDown}
          onClick={onClick}
        >
          <ResultHead shown={shown} numberPixels={numberPixels} />
          <tbody>
            {above > 0 && <Gap pixels={above} />}
            {shownRows.map(({ index }) => (
              <ResultRow
                key={index}
                id={id}
                index={index}
                row={rows[index]!}
                shown={shown}
                chosenColumn={chosen?.row === index ? chosen.column : null}
              />
            ))}
            {below > 0 && <Gap pixels={below} />}
          </tbody>
        </table>
      </div>
      {rows.length > 0 && (
        <CellValue
          cell={chosen && { ...chosen, ...columns[chosen.column]!, value: rows[chosen.row]?.[chosen.column] }}
        />
      )}
    </>
  );
}

/** Stands for rows that are not in the document. */
function Gap({ pixels }: { pixels: number }) {
  return (
    <tr aria-hidden="true">
      <td style={{ height: pixels }} className={styles.gap} />
    </tr>
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
