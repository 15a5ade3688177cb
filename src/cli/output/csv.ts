import { textOf, type Rows } from './rows.ts';

/** RFC 4180 with a header line. Null is an empty field, an empty text is `""`. */
export function csv({ columns, rows }: Rows): string {
  const header = columns.map((column) => field(column.name));
  const lines = rows.map((row) => row.map((value) => field(textOf(value))));
  return [header, ...lines].map((fields) => `${fields.join(',')}\r\n`).join('');
}

function field(text: string | null): string {
  if (text === null) return '';
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
