import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openExtraction, type ExtractedTable } from '../../src/engine/extraction.ts';
import { openSession } from '../../src/engine/extraction-session.ts';
import type { CsvFormat } from '../../src/engine/extraction-csv.ts';
import { parquetRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

const neverAborted = new AbortController().signal;

async function extract(content: string | Uint8Array, format: CsvFormat = {}, fileName = 'orders.csv') {
  const folder = scratchFolder();
  const path = join(folder, fileName);
  writeFileSync(path, content);
  const extraction = await openExtraction({ extractsDir: join(folder, 'extracts'), source: 'shop' });
  try {
    const table = extraction.table('orders');
    await table.sink.csv({ path, name: `sales/${fileName}` }, format);
    const published = await table.finish();
    return { published, types: typesOf(published), rows: await parquetRows(published.files[0]?.path ?? '') };
  } finally {
    await extraction.close();
  }
}

function typesOf(table: ExtractedTable): Record<string, string> {
  return Object.fromEntries(table.columns.map(({ name, type }) => [name, type]));
}

const badRow = (line: number, reason: RegExp) => ({
  code: 'BAD_ROW',
  file: 'sales/orders.csv',
  line,
  reason: expect.stringMatching(reason),
});

describe('types of a CSV file are detected over the whole file', () => {
  test('each kind of value gets the type that keeps it exactly', async () => {
    const { types, rows, published } = await extract(
      [
        'id,price,day,at,moment,clock,paid,note,nothing',
        '1,1.50,2026-01-31,2026-01-31 10:00:00,2026-01-31T10:00:00Z,10:00:00,true,x,',
        '2,-3,2026-02-01,2026-02-01T11:30:00.25,2026-01-31T10:00:00+02:00,11:30:00,false,y,',
      ].join('\n'),
    );
    expect(types).toEqual({
      id: 'BIGINT',
      price: 'DOUBLE',
      day: 'DATE',
      at: 'TIMESTAMP',
      moment: 'TIMESTAMP WITH TIME ZONE',
      clock: 'TIME',
      paid: 'BOOLEAN',
      note: 'VARCHAR',
      nothing: 'VARCHAR',
    });
    expect(rows[1]).toEqual({
      id: '2',
      price: -3,
      day: '2026-02-01',
      at: '2026-02-01 11:30:00.25',
      moment: '2026-01-31 08:00:00+00',
      clock: '11:30:00',
      paid: false,
      note: 'y',
      nothing: null,
    });
    expect(published).toMatchObject({ name: 'orders', rows: 2, files: [{ rows: 2 }] });
  });

  test('a value far down decides too', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index},${index}`);
    const { types, published } = await extract(['a,b', ...lines, 'x,1.5'].join('\n'));
    expect(types).toEqual({ a: 'VARCHAR', b: 'DOUBLE' });
    expect(published.rows).toBe(30_001);
  });

  test('numbers keep their type however they are written', async () => {
    const { types, rows } = await extract('n\n0.00001234567890123456\n-1e-7\n.5\n12\n');
    expect(types).toEqual({ n: 'DOUBLE' });
    expect(rows.map(({ n }) => n)).toEqual([0.00001234567890123456, -1e-7, 0.5, 12]);
  });

  test('codes stay text: leading zeros, more digits than a number keeps', async () => {
    const { types, rows } = await extract('zip,card,big\n00501,12345678901234567890,123456789012345678\n1,2,3\n');
    expect(types).toEqual({ zip: 'VARCHAR', card: 'VARCHAR', big: 'BIGINT' });
    expect(rows[0]).toEqual({ zip: '00501', card: '12345678901234567890', big: '123456789012345678' });
  });

  test('a date that may be read in two ways stays text unless a format is given', async () => {
    const content = 'day,at\n01/02/2026,01/02/2026 10:00\n';
    expect((await extract(content)).types).toEqual({ day: 'VARCHAR', at: 'VARCHAR' });
    const read = await extract(content, { dateFormat: '%d/%m/%Y', timestampFormat: '%d/%m/%Y %H:%M' });
    expect(read.types).toEqual({ day: 'DATE', at: 'TIMESTAMP' });
    expect(read.rows).toEqual([{ day: '2026-02-01', at: '2026-02-01 10:00:00' }]);
  });

  test('numbers and dates among text make text', async () => {
    const { types } = await extract('a,b,c\n1,2026-01-01,2026-01-01\nx,1,2026-01-01 10:00:00\n');
    expect(types).toEqual({ a: 'VARCHAR', b: 'VARCHAR', c: 'TIMESTAMP' });
  });
});

describe('given types', () => {
  test('are used, in any case and with spaces', async () => {
    const { types, rows } = await extract('id,price,zip,at\n1,1.5,00501,2026-01-01 10:00:00\n', {
      types: { id: 'varchar', price: 'decimal( 12 , 2 )', zip: 'Integer', at: 'timestamp with time zone' },
    });
    expect(types).toEqual({ id: 'VARCHAR', price: 'DECIMAL(12,2)', zip: 'INTEGER', at: 'TIMESTAMP WITH TIME ZONE' });
    expect(rows).toEqual([{ id: '1', price: '1.50', zip: 501, at: '2026-01-01 10:00:00+00' }]);
  });

  test.each([
    ['TINYINT', '300'],
    ['INTEGER', '1.5'],
    ['DECIMAL(10, 2)', '1.005'],
    ['DECIMAL(3, 2)', '12.5'],
    ['DATE', '2026-01-01 10:00:00'],
    ['DATE', '2026-02-30'],
    ['TIMESTAMP', '2026-01-01T10:00:00+02:00'],
    ['BOOLEAN', 'maybe'],
    ['UUID', 'x'],
    ['JSON', '{'],
  ])('a value that %s cannot hold without loss is refused: %s', async (type, value) => {
    const content = `id,value\n1,\n2,"${value}"\n3,\n`;
    await expect(extract(content, { types: { value: type } })).rejects.toMatchObject(
      badRow(3, /the value of "value" is not a /),
    );
  });

  test.each([
    [
      'DECIMAL(38, 9)',
      ['1.5', '-0.5', '.5', '5.', ' 7 ', '-1234567890123.25', '99999999999999999999999999999.999999999'],
    ],
    ['DECIMAL(20, 2)', ['000000000000000000000000000001.50', '-999999999999999999.99', '3.0000000']],
    ['DECIMAL(38, 0)', ['-99999999999999999999999999999999999999', '12', '5.000']],
    ['DECIMAL(38, 37)', ['-9.0000000000000000000000000000000000001']],
  ])('%s takes each value as DuckDB casts it', async (type, values) => {
    const { rows } = await extract(`id,value\n${values.map((value, id) => `${id},"${value}"\n`).join('')}`, {
      types: { value: type },
    });
    const session = await openSession({ temporaryFolder: scratchFolder(), memoryLimitMb: 100, signal: neverAborted });
    for (const [index, value] of values.entries()) {
      const [cast] = await session.query(`SELECT CAST('${value}' AS ${type})::VARCHAR AS text`);
      expect(rows[index]).toMatchObject({ value: cast!['text'] });
    }
    await session.close();
  });

  test.each([
    ['DECIMAL(38, 9)', '9.9999999995'],
    ['DECIMAL(38, 9)', '100000000000000000000000000000'],
    ['DECIMAL(38, 9)', '.'],
    ['DECIMAL(20, 2)', '+'],
    ['DECIMAL(38, 0)', '1e3'],
    ['DECIMAL(38, 0)', '100000000000000000000000000000000000000'],
  ])('a value that a wide %s cannot hold is refused: %s', async (type, value) => {
    await expect(extract(`id,value\n1,"${value}"\n`, { types: { value: type } })).rejects.toMatchObject(
      badRow(2, /the value of "value" is not a /),
    );
  });

  test('the first row that does not fit is told with its physical line, behind values of several lines', async () => {
    const content = 'id,note\n1,"a\nb\nc"\n\n2,d\nx,e\ny,f\n';
    await expect(extract(content, { types: { id: 'BIGINT' } })).rejects.toMatchObject(
      badRow(7, /"id" is not a BIGINT/),
    );
  });

  test('a refusal never repeats the value', async () => {
    const refused = extract('id\nsecret-value\n', { types: { id: 'BIGINT' } });
    await expect(refused).rejects.toSatisfy((error: Error) => !error.message.includes('secret-value'));
  });

  test.each(['INTEGER); DROP TABLE x; --', "VARCHAR'}", 'STRUCT(a INTEGER)', 'DECIMAL(40, 2)', 'DECIMAL(3, 4)'])(
    'what is not a listed type is refused: %s',
    async (type) => {
      await expect(extract('id\n1\n', { types: { id: type } })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path: 'types.id' }],
      });
    },
  );

  test('a type for a column that the file does not have is refused, and the columns are told', async () => {
    await expect(extract('id,price\n1,2\n', { types: { total: 'DOUBLE' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('"id", "price"'),
    });
  });

  test.each([{ dateFormat: 'day %' }, { timestampFormat: '%Q' }])(
    'a format that cannot be read is refused: %j',
    async (format) => {
      await expect(extract('id\n1\n', format)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    },
  );
});

describe('a row that does not fit stops the table and is named', () => {
  const rows = (bad: string) => `a,b,c\n1,x,3\n${bad}\n4,x,5\n6,x,5\n`;

  test.each([
    ['too few columns', rows('2,3'), 3, /3 columns expected, 2 found/],
    ['too many columns', rows('2,3,4,5'), 3, /3 columns expected, 4 found/],
    ['too many in the last row', 'a,b\n1,x\n2,y,z\n', 3, /2 columns expected, 3 found/],
    ['one empty value too many', rows('2,3,4,'), 3, /3 columns expected, 4 found/],
    ['one empty value too many in quotation marks', rows('2,3,4,""'), 3, /3 columns expected, 4 found/],
    ['empty values too many at the end of the file', 'a,b\r\n1,x\r\n2,,,', 3, /2 columns expected, 4 found/],
    ['an empty value behind the only column', 'a\n1\n2,\n', 3, /1 columns expected, 2 found/],
    ['too few after a value of several lines', 'a,b\n1,"x\ny\nz"\n2\n', 5, /2 columns expected, 1 found/],
    ['a quoted value without end', rows('2,"x,3'), 3, /does not end/],
    ['text behind a quoted value', rows('2,"x"y,3'), 3, /follows a closing quotation mark/],
    ['mixed line ends', 'a,b\r\n1,2\r\n3,4\n5,6\r\n', 3, /ends differently/],
    ['a row of more than 2 MB', `a,b\n1,2\n3,${'x'.repeat(2_100_000)}\n`, 3, /longer than 2,000,000 bytes/],
  ])('%s', async (_, content, line, reason) => {
    await expect(extract(content)).rejects.toMatchObject(badRow(line, reason));
  });

  test.each([
    ['in the first line', 'caf\xe9,b\n1,2\n', 1],
    ['in a row', 'a,b\n1,2\n\n3,caf\xe9\n5,6\n', 4],
    ['in the last row', 'a,b\n1,caf\xe9', 2],
  ])('text that is not UTF-8, %s', async (_, content, line) => {
    await expect(extract(Buffer.from(content, 'latin1'))).rejects.toMatchObject(badRow(line, /not UTF-8/));
  });

  test('UTF-16', async () => {
    await expect(extract(Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'))).rejects.toMatchObject(badRow(1, /not UTF-8/));
  });

  test('a binary file', async () => {
    await expect(extract(Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0x0a]))).rejects.toMatchObject(
      badRow(1, /control characters/),
    );
  });

  test('a bad row behind a megabyte of good ones is found at its line', async () => {
    const good = Array.from({ length: 200_000 }, (_, index) => `${index},é`);
    await expect(extract(['a,b', ...good, '1'].join('\n'))).rejects.toMatchObject(
      badRow(200_002, /2 columns expected/),
    );
  });

  test('the message names the file as the source does, never a path of the server', async () => {
    await expect(extract(rows('2,3'))).rejects.toSatisfy(
      (error: Error) => error.message.startsWith('sales/orders.csv, line 3: ') && !error.message.includes('/tmp'),
    );
  });
});

describe('files at the edge', () => {
  test.each([
    ['a header and nothing else', 'a,b\n'],
    ['a header without line end', 'a,b'],
    ['a header and blank lines', 'a,b\n\n\n'],
  ])('%s is a table of no rows with its columns', async (_, content) => {
    const { types, published } = await extract(content, { types: { b: 'BIGINT' } });
    expect(types).toEqual({ a: 'VARCHAR', b: 'BIGINT' });
    expect(published).toMatchObject({ rows: 0, files: [{ rows: 0 }] });
  });

  test.each([
    ['nothing', ''],
    ['a byte order mark', '\ufeff'],
    ['line ends', '\n\r\n'],
  ])('a file of %s is refused in one sentence', async (_, content) => {
    await expect(extract(content)).rejects.toMatchObject({
      code: 'UNREADABLE_FILE',
      message: 'sales/orders.csv is empty; it needs at least a line of column names.',
    });
  });

  test('a blank first line is refused', async () => {
    await expect(extract('\na,b\n1,2\n')).rejects.toMatchObject(badRow(1, /blank/));
  });

  test('byte order mark, CRLF, quoted line ends and quotation marks are read as meant', async () => {
    const { rows } = await extract('\ufeff"a","b ""c"""\r\n1,"x\r\n""y"""\r\n2,z\r\n');
    expect(rows).toEqual([
      { a: '1', 'b "c"': 'x\r\n"y"' },
      { a: '2', 'b "c"': 'z' },
    ]);
  });

  test('repeated, nameless and foreign column names are kept apart', async () => {
    const { types } = await extract('a,A,,größe,名前,a_1\n1,2,3,4,5,6\n');
    expect(Object.keys(types)).toEqual(['a', 'A_1', 'column2', 'größe', '名前', 'a_1_1']);
  });

  test('a column name cannot leave its quotation marks', async () => {
    const { rows } = await extract(`"a"" FROM x; --",b'\n1,2\n`);
    expect(rows).toEqual([{ 'a" FROM x; --': '1', "b'": '2' }]);
  });

  test.each([
    ['semicolon', 'a;b\n1,5;2\n'],
    ['tab', 'a\tb\n1,5\t2\n'],
    ['bar', 'a|b\n1,5|2\n'],
  ])('the delimiter %s is detected', async (_, content) => {
    expect((await extract(content)).rows).toEqual([{ a: '1,5', b: '2' }]);
  });

  test('one column needs no delimiter, and its blank lines are rows without value', async () => {
    const { rows } = await extract('a\nx\n\ny\n');
    expect(rows).toEqual([{ a: 'x' }, { a: null }, { a: 'y' }]);
  });

  test('without a header the columns are numbered and the first line is a row', async () => {
    const { rows } = await extract('1,x\n2,y\n', { header: false });
    expect(rows).toEqual([
      { column0: '1', column1: 'x' },
      { column0: '2', column1: 'y' },
    ]);
  });

  test('the text for NULL counts in every column', async () => {
    const { types, rows } = await extract('a,b\n1,x\nNA,NA\n', { nullText: 'NA' });
    expect(types).toEqual({ a: 'BIGINT', b: 'VARCHAR' });
    expect(rows[1]).toEqual({ a: null, b: null });
  });

  test('a value of a megabyte arrives whole', async () => {
    const { rows } = await extract(`a,b\n1,${'x'.repeat(1_000_000)}\n`);
    expect(String(rows[0]?.['b'])).toHaveLength(1_000_000);
  });

  test.each(['[a]*?.csv', "o'hara {x,y}.csv", 'größe 50%.csv'])('a file called %s is that file', async (name) => {
    expect((await extract('a\n1\n', {}, name)).rows).toEqual([{ a: '1' }]);
  });

  test.each(['', ',,', '"', '\n', 'é', 'a'])('the delimiter %j is refused', async (delimiter) => {
    await expect(extract('a\n1\n', { delimiter })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'delimiter' }],
    });
  });
});
