import { csvLine } from '../../engine/row-text.ts';
import type { Rows } from './rows.ts';

/** RFC 4180 with a header line. Null is an empty field, an empty text is `""`. */
export function csv({ columns, rows }: Rows): string {
  return [columns.map((column) => column.name), ...rows].map(csvLine).join('');
}
