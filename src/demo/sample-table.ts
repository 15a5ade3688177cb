/** One value of a row: text, a number, a truth value, or nothing. */
export type SampleValue = string | number | boolean | null;

/** One table of the sample company. */
export interface SampleTable {
  name: string;
  description: string;
  primaryKey: string[];
  /** Types for columns where detection would choose another. */
  types: Record<string, string>;
  columns: string[];
  rows: SampleValue[][];
}

/** A table of which every row names the same columns, in the same order. */
export function sampleTable(
  about: Omit<SampleTable, 'columns' | 'rows'>,
  rows: readonly Record<string, SampleValue>[],
): SampleTable {
  return { ...about, columns: Object.keys(rows[0] ?? {}), rows: rows.map((row) => Object.values(row)) };
}

/** `12345` cents as `123.45`. */
export function money(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** `C-0007` for `C`, 7 and 4. */
export function key(prefix: string, number: number, digits: number): string {
  return `${prefix}-${String(number).padStart(digits, '0')}`;
}

/** The table as CSV with LF line ends; nothing is written for null. */
export function toCsv(table: SampleTable): string {
  const lines = [table.columns, ...table.rows].map((row) => row.map(csvValue).join(','));
  return `${lines.join('\n')}\n`;
}

function csvValue(value: SampleValue): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
