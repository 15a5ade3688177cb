import { textOf } from '../../engine/row-text.ts';
import { isNumeric, type Column } from './rows.ts';
import type { RowWriter } from './row-writer.ts';
import { visible } from './visible.ts';

/** A table of GitHub-flavoured Markdown. */
export function markdown(columns: readonly Column[]): RowWriter {
  const header = columns.map((column) => cell(column.name));
  const rule = columns.map((column) => (isNumeric(column) ? '---:' : '---'));
  return {
    head: line(header) + line(rule),
    row: (values) => line(values.map((value) => cell(textOf(value) ?? 'NULL'))),
    end: () => '',
  };
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

function cell(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('|', '\\|');
  return escaped
    .split(/\r\n|\r|\n/)
    .map((part) => visible(part))
    .join('<br>');
}
