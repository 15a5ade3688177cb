import { describe, expect, test } from 'vitest';
import { csv } from '../../src/cli/output/csv.ts';
import { json, ndjson } from '../../src/cli/output/json.ts';
import type { MakeRowWriter } from '../../src/cli/output/row-writer.ts';
import type { Rows } from '../../src/cli/output/rows.ts';
import { table } from '../../src/cli/output/table.ts';

function write(make: MakeRowWriter, { columns, rows }: Rows): string {
  const writer = make(columns);
  return writer.head + rows.map((row) => writer.row(row)).join('') + writer.end();
}

const text = (name: string) => ({ name, type: 'VARCHAR' });

describe('a table', () => {
  test('stays aligned with letters that take two columns', () => {
    const rows = [
      ['日本', 'a'],
      ['e\u0301', 'b'],
      ['👩‍👩‍👧', 'c'],
    ];
    expect(table({ columns: [text('x'), text('y')], rows })).toBe(
      'x     y\n────  ─\n日本  a\ne\u0301     b\n👩‍👩‍👧    c\n',
    );
  });

  test('shows characters that would steer the terminal as escapes', () => {
    const rows = [['\u001b[2J\u009b31m\u202eoff\t']];
    expect(table({ columns: [text('x')], rows })).toContain('\\u001b[2J\\u009b31m\\u202eoff\\t\n');
  });
});

describe('csv', () => {
  test('writes lists and structs as JSON', () => {
    expect(write(csv, { columns: [text('x')], rows: [[[1, null]], [{ a: 'b' }]] })).toBe(
      'x\r\n"[1,null]"\r\n"{""a"":""b""}"\r\n',
    );
  });
});

describe('json', () => {
  test('keeps keys that objects treat specially, in the order of the columns', () => {
    const columns = [text('2'), text('1'), text('__proto__')];
    expect(write(ndjson, { columns, rows: [['a', 'b', 'c']] })).toBe('{"2":"a","1":"b","__proto__":"c"}\n');
  });

  test('tells apart columns of one name without taking the name of another', () => {
    const columns = [text('id'), text('id'), text('id_2'), text('id')];
    expect(write(json, { columns, rows: [[1, 2, 3, 4]] })).toBe('[\n  {"id":1,"id_3":2,"id_2":3,"id_4":4}\n]\n');
  });
});
