import { csvLine } from '../../engine/row-text.ts';
import type { Column } from './rows.ts';
import type { RowWriter } from './row-writer.ts';

/** RFC 4180 with a header line. Null is an empty field, an empty text is `""`. */
export function csv(columns: readonly Column[]): RowWriter {
  return { head: csvLine(columns.map((column) => column.name)), row: csvLine, end: () => '' };
}
