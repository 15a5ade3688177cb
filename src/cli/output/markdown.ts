import { textOf } from '../../engine/row-text.ts';
import { isNumeric, type Rows } from './rows.ts';
import { visible } from './visible.ts';

/** A table of GitHub-flavoured Markdown. */
export function markdown({ columns, rows }: Rows): string {
  const header = columns.map((column) => cell(column.name));
  const rule = columns.map((column) => (isNumeric(column) ? '---:' : '---'));
  const lines = rows.map((row) => row.map((value) => cell(textOf(value) ?? 'NULL')));
  return [header, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function cell(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('|', '\\|');
  return escaped
    .split(/\r\n|\r|\n/)
    .map((line) => visible(line))
    .join('<br>');
}
