/** A cell of a result, both from 0. */
export interface CellPlace {
  row: number;
  column: number;
}

interface Extent {
  rows: number;
  columns: number;
  /** How many rows are in sight. */
  page: number;
}

/** Where a key leads from a cell; undefined: the key leads nowhere. Nothing lies behind an edge. */
export function moveBy(
  event: { key: string; ctrlKey: boolean; metaKey: boolean },
  from: CellPlace | null,
  extent: Extent,
): CellPlace | undefined {
  const whole = event.ctrlKey || event.metaKey;
  const { row, column } = from ?? { row: 0, column: 0 };
  const [lastRow, lastColumn] = [extent.rows - 1, extent.columns - 1];
  const moves: Record<string, CellPlace> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    PageUp: { row: row - extent.page, column },
    PageDown: { row: row + extent.page, column },
    Home: { row: whole ? 0 : row, column: 0 },
    End: { row: whole ? lastRow : row, column: lastColumn },
  };
  const moved = moves[event.key];
  if (!moved) return undefined;
  if (!from) return { row: 0, column: 0 };
  return { row: clamp(moved.row, lastRow), column: clamp(moved.column, lastColumn) };
}

function clamp(place: number, last: number): number {
  return Math.min(Math.max(place, 0), last);
}
