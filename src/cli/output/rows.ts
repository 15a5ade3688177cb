/** A column as statements answer it; `type` is DuckDB's, such as `DECIMAL(18,2)`. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** Rows as the server sends them: numbers that a double cannot hold are text. */
export interface Rows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
}

const numeric = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL.*|FLOAT|DOUBLE)$/;

/** Whether the column's values are numbers, which people read from the right. */
export function isNumeric(column: Column): boolean {
  return numeric.test(column.type);
}
