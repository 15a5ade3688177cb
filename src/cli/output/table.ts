import { textOf } from '../../engine/row-text.ts';
import { isNumeric, type Rows } from './rows.ts';
import { visible } from './visible.ts';

/** Aligned columns for the eye, numbers to the right. */
export function table({ columns, rows }: Rows): string {
  const header = columns.map((column) => visible(column.name));
  const body = rows.map((row) => row.map((value) => visible(textOf(value) ?? 'NULL')));
  const widths = header.map((name, index) =>
    body.reduce((width, row) => Math.max(width, widthOf(row[index])), widthOf(name)),
  );
  const rule = widths.map((width) => '─'.repeat(width));
  const rightward = columns.map(isNumeric);
  return [header, rule, ...body].map((cells) => `${line(cells, { widths, rightward })}\n`).join('');
}

function line(cells: readonly string[], layout: { widths: readonly number[]; rightward: readonly boolean[] }): string {
  const padded = cells.map((cell, index) => {
    const gap = ' '.repeat((layout.widths[index] ?? 0) - widthOf(cell));
    return layout.rightward[index] ? gap + cell : cell + gap;
  });
  return padded.join('  ').trimEnd();
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const printableAscii = /^[\x20-\x7e]*$/;
const twoColumns =
  /^(\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u;

/** How many columns of a terminal the text takes. */
function widthOf(text: string | undefined): number {
  if (text === undefined) return 0;
  if (printableAscii.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += twoColumns.test(segment) ? 2 : 1;
  return width;
}
