import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openExtraction } from '../../src/engine/extraction.ts';
import type { JsonFormat } from '../../src/engine/extraction-json.ts';
import { parquetRows, readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

/** Extracts one table out of a file, or out of several in their order. */
async function extract(contents: string | Uint8Array | (string | Uint8Array)[], format: JsonFormat = {}) {
  const folder = scratchFolder();
  const files = [contents].flat().map((content, index) => {
    const path = join(folder, `${index}.json`);
    writeFileSync(path, content);
    return { path, name: `sales/${index}.json` };
  });
  const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' });
  try {
    const table = extraction.table('orders');
    await table.sink.json(files, format);
    const { columns, files: published, rows: count } = await table.finish();
    const rows = await parquetRows(published[0]!.path);
    expect(rows).toHaveLength(count);
    return { types: Object.fromEntries(columns.map(({ name, type }) => [name, type])), rows, published };
  } finally {
    await extraction.close();
  }
}

/** Each value of one column, in an array and on lines; both must give the same. */
async function column(values: string[], format: JsonFormat = {}) {
  const objects = values.map((value) => `{"v": ${value}}`);
  const lines = await extract(objects.join('\n'), format);
  const array = await extract(`[${objects.join(',\n')}]`, format);
  expect(array.types).toEqual(lines.types);
  expect(array.published[0]!.sha256).toBe(lines.published[0]!.sha256);
  return { type: lines.types['v'], values: lines.rows.map(({ v }) => v) };
}

const badRow = (line: number, reason: RegExp) => ({
  code: 'BAD_ROW',
  file: 'sales/0.json',
  line,
  reason: expect.stringMatching(reason),
});

describe('the type of a key is detected over the whole file, from an array and from lines alike', () => {
  test.each([
    ['whole numbers', ['1', '-3', 'null'], 'BIGINT', ['1', '-3', null]],
    ['numbers beyond 2^53', ['9007199254740993', '-9223372036854775808'], 'BIGINT', undefined],
    ['numbers beyond 2^63', ['18446744073709551616', '-1'], 'DECIMAL(38,0)', undefined],
    ['fractions', ['1.50', '2', '1e-7'], 'DOUBLE', [1.5, 2, 1e-7]],
    ['not a number, which some write', ['NaN', '-Infinity', '1.5'], 'DOUBLE', ['NaN', '-Infinity', 1.5]],
    ['large whole numbers among fractions', ['9007199254740993', '1.5'], 'JSON', ['9007199254740993', '1.5']],
    ['a number that no column keeps', ['1e400', '1'], 'JSON', ['1e400', '1']],
    ['a number of 40 digits', ['1234567890123456789012345678901234567890'], 'JSON', undefined],
    ['truth', ['true', 'false'], 'BOOLEAN', [true, false]],
    ['text', ['"a"', '""', '"1"'], 'VARCHAR', ['a', '', '1']],
    ['numbers as text', ['"1"', '"2"'], 'VARCHAR', ['1', '2']],
    ['days', ['"2026-01-31"'], 'DATE', ['2026-01-31']],
    ['days and times', ['"2026-01-31"', '"2026-01-31T10:00:00"'], 'TIMESTAMP', undefined],
    ['moments', ['"2026-01-31T10:00:00+02:00"'], 'TIMESTAMP WITH TIME ZONE', ['2026-01-31 08:00:00+00']],
    ['days of another order', ['"31/01/2026"'], 'VARCHAR', ['31/01/2026']],
    ['a day and other text', ['"2026-01-31"', '""'], 'VARCHAR', ['2026-01-31', '']],
    ['a number and text', ['1', '"x"', '"1"', 'null'], 'JSON', ['1', '"x"', '"1"', null]],
    ['a number and an object', ['1', '{"b": 1}'], 'JSON', ['1', '{"b":1}']],
    ['nothing', ['null'], 'VARCHAR', [null]],
  ])('%s', async (_, given, type, expected) => {
    expect(await column(given)).toEqual({ type, values: expected ?? expect.anything() });
    if (expected === undefined && !given[0]?.startsWith('"')) {
      expect((await column(given)).values.map(String)).toEqual(given);
    }
  });

  test.each([
    [
      'objects become structs',
      ['{"a": 1, "b": "x"}', '{"b": null, "c": {"d": true}}'],
      'STRUCT(a BIGINT, b VARCHAR, c STRUCT(d BOOLEAN))',
      [
        { a: '1', b: 'x', c: null },
        { a: null, b: null, c: { d: true } },
      ],
    ],
    ['lists', ['[1, 2]', '[]', '[1.5]'], 'DOUBLE[]', [[1, 2], [], [1.5]]],
    [
      'lists of objects',
      ['[{"a": 1}, {"b": "x"}]'],
      'STRUCT(a BIGINT, b VARCHAR)[]',
      [
        [
          { a: '1', b: null },
          { a: null, b: 'x' },
        ],
      ],
    ],
    ['an empty object among others', ['{}', '{"a": 1}'], 'STRUCT(a BIGINT)', [{ a: null }, { a: '1' }]],
    ['text in nested values stays text', ['["2026-01-31"]'], 'VARCHAR[]', [['2026-01-31']]],
    ['fields of several types', ['{"a": 1}', '{"a": "x"}'], 'STRUCT(a JSON)', [{ a: '1' }, { a: '"x"' }]],
    ['only empty objects', ['{}'], 'JSON', ['{}']],
    ['objects and lists', ['{"a": 1}', '[1]'], 'JSON', ['{"a":1}', '[1]']],
    ['large numbers in them', ['{"a": 18446744073709551615}'], 'JSON', ['{"a":18446744073709551615}']],
    ['large numbers among fractions in them', ['[9007199254740993, 1.5]'], 'JSON', ['[9007199254740993,1.5]']],
    ['numbers beyond 2^53 in them', ['[9007199254740993]'], 'BIGINT[]', [['9007199254740993']]],
    ['names that differ by case only', ['{"a": 1, "A": 2}'], 'JSON', ['{"a":1,"A":2}']],
    ['names that a struct cannot have', ['{"": 1}'], 'JSON', ['{"":1}']],
  ])('nested: %s', async (_, given, type, values) => {
    expect(await column(given)).toEqual({ type, values });
  });

  test('a nested object with very many different names stays JSON', async () => {
    const fields = Array.from({ length: 300 }, (_, index) => `"day ${index}": ${index}`);
    expect((await column([`{${fields.join(',')}}`])).type).toBe('JSON');
  });

  test('a value far down decides too, and comes out in its place', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `{"a":${index}}`);
    const { types, rows } = await extract([...lines, '{"a":"x","late":1}'].join('\n'));
    expect(types).toEqual({ a: 'JSON', late: 'BIGINT' });
    expect(rows.every(({ a }, index) => index === 30_000 || a === String(index))).toBe(true);
    expect(rows.at(-1)).toEqual({ a: '"x"', late: '1' });
  });

  test('the same content gives the same file, also when threads share the work', async () => {
    const filler = 'x'.repeat(10_000);
    const line = (index: number) =>
      JSON.stringify({ id: index, [`k${index % 7}`]: { [`n${index % 5}`]: [index] }, filler });
    const content = Array.from({ length: 5_000 }, (_, index) => line(index)).join('\n');
    const [first, second] = [await extract(content), await extract(content)];
    expect(second.published[0]!.sha256).toBe(first.published[0]!.sha256);
    expect(Object.keys(first.types)).toEqual(['id', 'k0', 'filler', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6']);
    expect(first.rows.every(({ id }, index) => id === String(index))).toBe(true);
  });
});

describe('keys', () => {
  test('that an object lacks are NULL there; columns stand in the order of their first appearance', async () => {
    const { types, rows } = await extract('{"b":1}\n{}\n{"a":2,"b":3}');
    expect(Object.keys(types)).toEqual(['b', 'a']);
    expect(rows).toEqual([
      { b: '1', a: null },
      { b: null, a: null },
      { b: '3', a: '2' },
    ]);
  });

  test('of any characters are kept, and those that differ by case only are kept apart', async () => {
    const keys = [
      'a.b',
      'a/b',
      '~',
      '0',
      '*',
      '$.x',
      'q"q',
      "q'q",
      'größe',
      'a',
      'A',
      'x y',
      '__proto__',
      'constructor',
    ];
    const content = `{${keys.map((key, index) => `${JSON.stringify(key)}:${index}`).join(',')},"":99}`;
    const { types, rows } = await extract(content);
    const names = [...keys.map((key) => (key === 'A' ? 'A_1' : key)), 'column'];
    expect(Object.keys(types).toSorted()).toEqual(names.toSorted());
    const values = names.filter((name) => name !== '__proto__').map((name) => rows[0]?.[name]);
    expect(values).toEqual([...keys.keys(), 99].filter((index) => keys[index] !== '__proto__').map(String));
  });

  test('with a NUL character are refused', async () => {
    await expect(extract('{"a":1}\n{"b\\u0000c":1}')).rejects.toMatchObject(badRow(2, /NUL character/));
  });

  test('more than two thousand are refused', async () => {
    const content = Array.from({ length: 2001 }, (_, index) => `{"k${index}":1}`).join('\n');
    await expect(extract(content)).rejects.toMatchObject({ code: 'UNREADABLE_FILE', message: /more than 2000/ });
  });
});

describe('given types', () => {
  test('are used, and make columns that no object has', async () => {
    const { types, rows } = await extract(
      '[{"id":1,"price":1.5,"at":"31.01.2026","sum":"12345678901234567.89","o":{"a":1}}]',
      {
        types: { id: 'VARCHAR', price: 'DECIMAL(12,2)', at: 'DATE', sum: 'DECIMAL(20,2)', o: 'JSON', later: 'DATE' },
        dateFormat: '%d.%m.%Y',
      },
    );
    expect(types).toEqual({
      id: 'VARCHAR',
      price: 'DECIMAL(12,2)',
      at: 'DATE',
      sum: 'DECIMAL(20,2)',
      o: 'JSON',
      later: 'DATE',
    });
    const only = { id: '1', price: '1.50', at: '2026-01-31', sum: '12345678901234567.89', o: '{"a":1}', later: null };
    expect(rows).toEqual([only]);
  });

  test('a given DECIMAL(38,0) stores large whole numbers exactly, and HUGEINT, which Parquet does not have, is refused', async () => {
    const value = '12345678901234567890123456789012345678';
    const type = 'DECIMAL(38,0)';
    expect(await column([value], { types: { v: type } })).toEqual({ type, values: [value] });
    await expect(column([value], { types: { v: 'HUGEINT' } })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test.each([
    ['BIGINT', '"x"'],
    ['BIGINT', '1.5'],
    ['INTEGER', '3000000000'],
    ['BIGINT', '{"a": 1}'],
    ['DOUBLE', '1e400'],
    ['DECIMAL(10,2)', '1.005'],
    ['DECIMAL(30,11)', '1234567890.12345678901'],
    ['DATE', '"2026-02-30"'],
    ['BOOLEAN', '"maybe"'],
    ['UUID', '[]'],
  ])('a value that %s cannot hold without loss is refused with line and object: %s', async (type, value) => {
    const reason = new RegExp(`the value of "v" is not a ${type.replace(/[()]/g, '\\$&').replace(',', ', ')}`);
    const format = { types: { v: type } };
    await expect(extract(`{"v":null}\n\n{"v":${value}}\n{"v":${value}}`, format)).rejects.toMatchObject(
      badRow(3, reason),
    );
    const array = extract(`[{"v":null},\n{"v":null},{"v":${value}}]`, format);
    await expect(array).rejects.toMatchObject(badRow(2, new RegExp(`^object 3: ${reason.source}`)));
  });

  test('a type that is not listed is refused', async () => {
    await expect(extract('{"v":1}', { types: { v: 'STRUCT(a INT)' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'types.v' }],
    });
  });

  test('a refusal never repeats the value', async () => {
    const refused = extract('{"v":"secret-value"}', { types: { v: 'BIGINT' } });
    await expect(refused).rejects.toSatisfy((error: Error) => !error.message.includes('secret-value'));
  });
});

describe('an object that cannot be a row stops the table and is named', () => {
  test.each([
    ['a number among lines', '{"a":1}\n\n5\n', 3, /^the line is not a JSON object/],
    ['null among lines', '{"a":1}\nnull\n', 2, /is not a JSON object/],
    ['a list among lines', '{"a":1}\n[1]\n', 2, /is not a JSON object/],
    ['two objects on one line', '{"a":1}{"a":2}\n', 1, /text follows the object/],
    ['a comma behind an object', '{"a":1},\n{"a":2}\n', 1, /text follows the object/],
    ['an object on several lines', '{"a":1}\n{"a":\n3}\n', 2, /does not end on its line/],
    ['a line end in a text', '{"a":"x\ny"}\n', 1, /does not end on its line/],
    ['lines that are cut off', '{"a":1}\n{"a":[2', 2, /the object does not end/],
    ['a number in an array', '[{"a":1},\n5]', 2, /^object 2: the value is not an object/],
    ['null in an array', '[null]', 1, /^object 1: the value is not an object/],
    ['a comma too many', '[{"a":1},\n]', 2, /^object 2: a comma stands/],
    ['a comma too many in an object', '[{"a":1},{"a":1,}]', 1, /^object 2: a comma stands before/],
    ['a comma too many in a list', '{"a":[1,]}', 1, /^a comma stands before/],
    ['two commas', '[{"a":1},,{"a":2}]', 1, /^object 2: a comma stands/],
    ['a missing comma', '[{"a":1} {"a":2}]', 1, /^object 1: a comma is missing/],
    ['an array that is cut off behind a comma', '[{"a":1},\n', 2, /^object 2: the array does not end/],
    ['an array that is cut off behind an object', '[{"a":1}', 1, /the array does not end/],
    ['an array that is cut off in an object', '[{"a":1},\n{"a"', 2, /^object 2: the object does not end/],
    ['text behind an array', '[{"a":1}]\n[]', 2, /text follows the array/],
    ['a word that is not JSON', '{"a":1}\n{"a":NaN}\n{"a":yes}', 3, /^the object is not valid JSON/],
    ['brackets that do not match', '{"a":[1}}', 1, /not valid JSON/],
    ['a key without quotation marks', '[{"a":1},\n{a:1}]', 2, /^object 2: the object is not valid JSON/],
    ['a leading zero', '{"a":007}', 1, /not valid JSON/],
    ['half of a surrogate pair', '{"a":1}\n{"a":"\\ud800"}', 2, /surrogate/],
    ['a key that is there twice', '{"a":1}\n{"a":1,"b":2,"a":3}', 2, /^a key is there twice/],
    [
      'a nested key that is there twice',
      '{"o":{"k":1}}\n{"o":{"l":[{"x":1,"x":1}]}}',
      2,
      /^in "o" a key is there twice/,
    ],
    ['101 levels', `{"a":1}\n{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 2, /more than 100 levels/],
    ['a hundred thousand levels', `{"a":${'['.repeat(100_000)}`, 1, /more than 100 levels/],
    ['an object of more than 16 MB', `{"a":1}\n{"a":"${'x'.repeat(16_000_000)}"}`, 2, /longer than 16,000,000 bytes/],
  ])('%s', async (_, content, line, reason) => {
    await expect(extract(content)).rejects.toMatchObject(badRow(line, reason));
  });

  test.each([
    ['lines', '{"a":1}\n{"a":"caf\xe9"}\n', 2],
    ['an array', '[{"a":1},\n\n{"a":"caf\xe9"}]', 3],
  ])('text that is not UTF-8, in %s', async (_, content, line) => {
    await expect(extract(Buffer.from(content, 'latin1'))).rejects.toMatchObject(badRow(line, /not UTF-8/));
  });

  test('what must be lines and is an array', async () => {
    await expect(extract('[{"a":1}]', { lines: true })).rejects.toMatchObject(badRow(1, /is not a JSON object/));
  });

  test('the message names the file as the source does, never a path of the server', async () => {
    await expect(extract('{"a":tru}')).rejects.toSatisfy(
      (error: Error) => error.message.startsWith('sales/0.json, line 1: ') && !error.message.includes('/tmp'),
    );
  });
});

describe('files at the edge', () => {
  test.each([
    ['nothing', '', /is empty; no objects are written as \[\]/],
    ['blanks', ' \n\t\r\n', /is empty/],
    ['a byte order mark', '\ufeff', /is empty/],
    ['a word', 'hello', /holds no JSON objects/],
    ['a number', '5', /holds no JSON objects/],
    ['UTF-16', Buffer.from('\ufeff[{"a":1}]', 'utf16le'), /is not UTF-8/],
    ['UTF-16 without its mark', Buffer.from('[{"a":1}]', 'utf16le'), /is not UTF-8/],
    ['no objects and no types', '[]', /no columns; name them in the option types/],
    ['objects without a key', '{}\n{}', /no columns/],
  ])('%s is refused in one sentence', async (_, content, message) => {
    await expect(extract(content)).rejects.toMatchObject({ code: 'UNREADABLE_FILE', message });
  });

  test('an empty array with given types is a table of no rows', async () => {
    expect(await extract(' [ ] ', { types: { id: 'BIGINT' } })).toMatchObject({ types: { id: 'BIGINT' }, rows: [] });
  });

  test.each([
    ['lines', '\ufeff{"a":1}\n{"a":2}'],
    ['an array', '\ufeff[{"a":1},{"a":2}]'],
  ])('a byte order mark before %s is no part of the text', async (_, content) => {
    expect((await extract(content)).rows).toEqual([{ a: '1' }, { a: '2' }]);
  });

  test('blank lines, CRLF and indented arrays are read as meant', async () => {
    expect((await extract('\n{"a":1}\r\n\r\n  {"a":2}\t\n')).rows).toEqual([{ a: '1' }, { a: '2' }]);
    expect((await extract(JSON.stringify([{ a: 1 }, { a: 2 }], null, 2))).rows).toEqual([{ a: '1' }, { a: '2' }]);
  });

  test('brackets, quotation marks and backslashes in texts are text', async () => {
    const texts = ['}', ']', '{"', '\\', '\\"', ',]', '\u0000', 'é名', '\n'];
    const { rows } = await extract(JSON.stringify(texts.map((a) => ({ a }))));
    expect(rows.map(({ a }) => a)).toEqual(texts);
  });

  test('an object of many megabytes arrives whole', async () => {
    const { rows } = await extract(`[{"a":"${'x'.repeat(15_000_000)}"},{"a":"y"}]`);
    expect(rows.map(({ a }) => String(a).length)).toEqual([15_000_000, 1]);
  });

  test('an array of many megabytes arrives whole', async () => {
    const objects = Array.from({ length: 100_000 }, (_, index) =>
      JSON.stringify({ id: index, note: 'n'.repeat(index % 400) }),
    );
    const { published } = await extract(`[${objects.join(',')}]`);
    const sums = 'count(*)::INTEGER AS n, sum(id)::BIGINT AS ids, sum(length(note))::BIGINT AS length';
    expect(await readRows(`SELECT ${sums} FROM '${published[0]!.path}'`)).toEqual([
      { n: 100_000, ids: '4999950000', length: '19950000' },
    ]);
  });
});

describe('several files make one table', () => {
  test('with the keys of all, and types that hold for all', async () => {
    const { types, rows, published } = await extract([
      '[{"id":1,"v":1,"o":{"a":1}}]',
      '{"id":2,"v":"x","more":true}\n{"id":3,"o":{"b":[1]}}',
      '[]',
    ]);
    expect(types).toEqual({ id: 'BIGINT', v: 'JSON', o: 'STRUCT(a BIGINT, b BIGINT[])', more: 'BOOLEAN' });
    expect(published).toHaveLength(1);
    expect(rows).toEqual([
      { id: '1', v: '1', o: { a: '1', b: null }, more: null },
      { id: '2', v: '"x"', o: null, more: true },
      { id: '3', v: null, o: { a: null, b: ['1'] }, more: null },
    ]);
  });

  test('a bad object is told with the file that has it', async () => {
    await expect(extract(['{"a":1}', '{"a":1}\n{"a":tru}'])).rejects.toMatchObject({ file: 'sales/1.json', line: 2 });
  });
});
