import { expect, test } from 'vitest';
import { moveBy } from './cell-moves.ts';
import { columnWidths } from './column-widths.ts';
import { shorten, textOf } from './value-text.ts';

const extent = { rows: 100, columns: 5, page: 20 };

function press(key: string, from: { row: number; column: number } | null, ctrlKey = false) {
  return moveBy({ key, ctrlKey, metaKey: false }, from, extent);
}

test.each([
  ['ArrowDown', [51, 2]],
  ['ArrowUp', [49, 2]],
  ['ArrowLeft', [50, 1]],
  ['ArrowRight', [50, 3]],
  ['PageDown', [70, 2]],
  ['PageUp', [30, 2]],
  ['Home', [50, 0]],
  ['End', [50, 4]],
])('%s leads from the cell (50, 2) to %o', (key, [row, column]) => {
  expect(press(key, { row: 50, column: 2 })).toEqual({ row, column });
});

test('keys lead to the first cell when none is chosen, with Ctrl to the corners, and never over an edge', () => {
  expect(press('ArrowDown', null)).toEqual({ row: 0, column: 0 });
  expect(press('Home', { row: 50, column: 2 }, true)).toEqual({ row: 0, column: 0 });
  expect(press('End', { row: 50, column: 2 }, true)).toEqual({ row: 99, column: 4 });
  expect(press('PageUp', { row: 5, column: 2 })).toEqual({ row: 0, column: 2 });
  expect(press('ArrowRight', { row: 99, column: 4 })).toEqual({ row: 99, column: 4 });
  expect(press('Tab', { row: 5, column: 2 })).toBeUndefined();
});

test('values are shown as they came, and a cell is one line of some of it', () => {
  expect(['9007199254740993', 0.1, true, null, '', { a: ['1'] }].map(textOf)).toEqual([
    '9007199254740993',
    '0.1',
    'true',
    null,
    '',
    '{"a":["1"]}',
  ]);
  expect(shorten('one\n  two')).toBe('one two');
  expect(shorten('x'.repeat(10_000))).toHaveLength(301);
});

test('columns are as wide as their first values, within bounds', () => {
  const columns = [
    { name: 'a', type: 'VARCHAR' },
    { name: 'b', type: 'VARCHAR' },
  ];
  const [narrow = 0, wide = 0] = columnWidths({ columns, rows: [['x', 'x'.repeat(10_000)]] });
  expect(narrow).toBeLessThan(110);
  expect(wide).toBe(320);
});
