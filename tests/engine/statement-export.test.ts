import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { exportStatement, type ExportedFile, type ExportLimits } from '../../src/engine/statement-export.ts';
import type { ExportFormat } from '../../src/engine/statement-protocol.ts';
import type { Failure } from '../../src/kernel/errors.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { createStatementWorld, statementChildren, type StatementWorld } from './statement-world.ts';
import { times } from '../kit/times.ts';

// Processes start slowly on a busy machine; nothing here asserts a time.
vi.setConfig({ testTimeout: 120_000 });

const limits: ExportLimits = { memoryLimitMb: 700, maxBytes: 2 ** 30, timeoutSeconds: 60 };

let world: StatementWorld;
let reader: DuckDBConnection;
let fingerprint: Record<string, string>;
let count = 0;

beforeAll(async () => {
  world = await createStatementWorld();
  fingerprint = world.fingerprint();
  reader = await (await DuckDBInstance.create(':memory:')).connect();
  await reader.run("SET TimeZone = 'UTC'");
});

afterEach(() => {
  expect(world.fingerprint()).toEqual(fingerprint);
  expect(statementChildren()).toEqual([]);
});

afterAll(() => world.remove());

async function exportTo(
  format: ExportFormat,
  statement: string,
  more: { limits?: Partial<ExportLimits>; path?: string; signal?: AbortSignal } = {},
): Promise<ExportedFile & { path: string }> {
  count += 1;
  const path = more.path ?? join(scratchFolder(), `out-${count}.${format}`);
  const file = await exportStatement({
    catalog: world.catalog,
    statement,
    format,
    path,
    limits: { ...limits, ...more.limits },
    signal: more.signal ?? new AbortController().signal,
    log: pino({ level: 'silent' }),
  });
  return { ...file, path };
}

async function failureOf(...given: Parameters<typeof exportTo>): Promise<Failure> {
  return exportTo(...given).then(
    () => Promise.reject(new Error('it did not fail')),
    (failure: Failure) => failure,
  );
}

async function read(sql: string): Promise<unknown[][]> {
  return (await reader.runAndReadAll(sql)).getRowsJson();
}

const partOfIso = (pattern: string) => `CAST(regexp_extract($, '${pattern}', 1) AS DOUBLE)`;
const intervalOfIso = `to_years(CAST(${partOfIso('P([0-9]+)Y')} AS INTEGER)) + to_months(CAST(${partOfIso('Y([0-9]+)M')} AS INTEGER))
  + to_days(CAST(${partOfIso('M([0-9]+)D')} AS INTEGER)) + to_hours(CAST(${partOfIso('T([0-9]+)H')} AS INTEGER))
  + to_minutes(CAST(${partOfIso('H([0-9]+)M')} AS INTEGER)) + to_seconds(${partOfIso('M([0-9.]+)S')})`;

/** A value of each type, and how a reader gets it back out of the text of CSV and NDJSON; undefined: by a cast. */
const values: [type: string, value: string, fromText?: string][] = [
  ['BOOLEAN', 'true'],
  ['TINYINT', '-128'],
  ['SMALLINT', '32767'],
  ['INTEGER', '-2147483648'],
  ['BIGINT', '9223372036854775807'],
  ['UTINYINT', '255'],
  ['USMALLINT', '65535'],
  ['UINTEGER', '4294967295'],
  ['UBIGINT', '18446744073709551615'],
  ['HUGEINT', '12345678901234567890123456789012345678'],
  ['UHUGEINT', '12345678901234567890123456789012345678'],
  ['FLOAT', '0.1'],
  ['DOUBLE', '0.30000000000000004'],
  ['DOUBLE', "'nan'"],
  ['DOUBLE', "'-inf'"],
  ['DECIMAL(38,3)', "'12345678901234567890123456789012345.678'"],
  ['VARCHAR', `'ěš "x", 🦆' || chr(10) || '; \\'`],
  ['BLOB', "'\\x00\\xFFab'", 'from_base64($)'],
  ['BIT', "'10101'"],
  ['UUID', "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'"],
  ['DATE', "'2024-02-29'"],
  ['DATE', "'-infinity'"],
  ['TIME', "'04:05:06.123456'"],
  ['TIMETZ', "'04:05:06.123456+02:30'"],
  ['TIMESTAMP', "'2024-02-03 04:05:06.123456'"],
  ['TIMESTAMP', "'infinity'"],
  ['TIMESTAMP_S', "'2024-02-03 04:05:06'"],
  ['TIMESTAMP_MS', "'2024-02-03 04:05:06.789'"],
  ['TIMESTAMP_NS', "'2024-02-03 04:05:06.123456789'"],
  ['TIMESTAMPTZ', "'2024-02-03 04:05:06.123456+02'"],
  ['INTERVAL', "'14 months 3 days 04:05:06.789012'", intervalOfIso],
  ["ENUM('a', 'b')", "'b'"],
  ['JSON', `'{"a": [1, null]}'`],
  ['BIGINT[]', '[1, NULL, 9223372036854775807]', '$::JSON::BIGINT[]'],
  ['INTEGER[2]', '[1, 2]', '$::JSON::INTEGER[2]'],
  ['STRUCT(a INTEGER, b VARCHAR)', "{'a': 1, 'b': 'x, \"y\"'}", '$::JSON::STRUCT(a INTEGER, b VARCHAR)'],
  ['MAP(VARCHAR, INTEGER)', "MAP {'k': 1}", 'map_from_entries($::JSON::STRUCT(key VARCHAR, value INTEGER)[])'],
];

describe('every type comes back as it was', () => {
  const select = values.map(([type, value], index) => `CAST(${value} AS ${type}) AS c${index}`).join(', ');
  const statement = `SELECT ${select} UNION ALL SELECT ${values.map(() => 'NULL').join(', ')}`;
  const expected = `SELECT * FROM (${statement})`;

  test('through Parquet, with its type', async () => {
    const { path, rowCount } = await exportTo('parquet', statement);
    expect(rowCount).toBe(2);
    const casts = values.map(([type], index) => `CAST(c${index} AS ${type}) AS c${index}`).join(', ');
    expect(await read(`SELECT ${casts} FROM '${path}'`)).toEqual(await read(expected));
    const types = await read(`SELECT column_type FROM (DESCRIBE FROM '${path}')`);
    const others: Record<string, string> = {
      HUGEINT: 'DECIMAL(38,0)',
      UHUGEINT: 'DECIMAL(38,0)',
      TIMETZ: 'VARCHAR',
      INTERVAL: 'VARCHAR',
      BIT: 'VARCHAR',
      "ENUM('a', 'b')": 'VARCHAR',
      TIMESTAMP_S: 'TIMESTAMP',
      TIMESTAMP_MS: 'TIMESTAMP',
      TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE',
      'INTEGER[2]': 'INTEGER[]',
    };
    expect(types.flat()).toEqual(values.map(([type]) => others[type] ?? type));
  });

  const casts = values
    .map(([type, , fromText], index) => {
      const back = fromText?.replaceAll('$', `c${index}`) ?? `CAST(c${index} AS ${type})`;
      return `${back} AS c${index}`;
    })
    .join(', ');

  test('through CSV', async () => {
    const { path } = await exportTo('csv', statement);
    const source = `read_csv('${path}', all_varchar = true, header = true, strict_mode = true, quote = '"', escape = '"', delim = ',')`;
    expect(await read(`SELECT ${casts} FROM ${source}`)).toEqual(await read(expected));
  });

  test('through NDJSON', async () => {
    const { path } = await exportTo('ndjson', statement);
    const columns = `{${values.map((_, index) => `c${index}: 'VARCHAR'`).join(', ')}}`;
    const source = `read_json('${path}', format = 'newline_delimited', columns = ${columns})`;
    expect(await read(`SELECT ${casts} FROM ${source}`)).toEqual(await read(expected));
  });

  test('what Parquet would cut short inside a list or struct is refused, and too large a sum too', async () => {
    const failures = [
      await failureOf('parquet', 'SELECT [1::HUGEINT] AS a'),
      await failureOf('parquet', "SELECT {'a': INTERVAL 1 day} AS a"),
      await failureOf('parquet', "SELECT CAST('170141183460469231731687303715884105727' AS HUGEINT) AS a"),
    ];
    expect(failures.map(({ code }) => code)).toEqual(['STATEMENT_FAILED', 'STATEMENT_FAILED', 'STATEMENT_FAILED']);
    expect(failures[0]?.message).toMatch(/Parquet cannot hold the column a of type HUGEINT\[\] without loss/);
  });
});

test('CSV tells NULL from an empty text, ends lines with CRLF, and quotes what it must', async () => {
  const { path } = await exportTo('csv', `SELECT NULL AS "a,b", '' AS "c", 'x' || chr(10) || '"y"' AS "c"`);
  expect(readFileSync(path, 'utf8')).toBe('"a,b",c,c\r\n,"","x\n""y"""\r\n');
});

test('NDJSON keeps columns of the same name apart, and a result without rows is an empty file', async () => {
  const { path } = await exportTo('ndjson', 'SELECT 1::BIGINT AS id, 2 AS id');
  expect(readFileSync(path, 'utf8')).toBe('{"id":"1","id_2":2}\n');
  expect(await exportTo('ndjson', 'SELECT 1 AS id WHERE false')).toMatchObject({ rowCount: 0, sizeBytes: 0 });
});

describe('no text of a statement comes to name a file', () => {
  const target = join(tmpdir(), `stolen-${process.pid}.csv`);

  test.each([
    `SELECT 1) TO '${target}' (FORMAT csv); COPY (SELECT 2`,
    `SELECT 1) TO '${target}' --`,
    `SELECT 1; COPY (SELECT 1) TO '${target}'`,
    `SELECT 1 /*`,
    `SELECT 1 */ ) TO '${target}' /*`,
    `COPY (SELECT 1) TO '${target}'`,
    `SELECT $x$) TO '${target}' --`,
    `SELECT 1 ; -- the end`,
    `SELECT * FROM read_csv('/etc/passwd')`,
    `FROM '${target}'`,
  ])('%s', async (statement) => {
    const failure = await failureOf('parquet', statement);
    expect(failure.code).toMatch(/^STATEMENT_(REFUSED|FAILED)$/);
    expect(failure.message).not.toContain('out-');
    expect(existsSync(target)).toBe(false);
  });

  test.each([
    ['SELECT id FROM shop.orders;', 5],
    ['SELECT id FROM shop.orders -- all of them', 5],
    ['SELECT \')\' AS a, $$) TO \'x\'$$ AS b, "id" AS ") TO" FROM orders ; ;\n', 5],
    ['FROM orders', 5],
    ['WITH a AS (FROM orders) FROM a LIMIT 2', 2],
    ['VALUES (1), (2)', 2],
    ['SELECT 1 UNION ALL SELECT 2 ORDER BY 1', 2],
  ])('and an honest one is written: %s', async (statement, rows) => {
    const { path, rowCount } = await exportTo('parquet', statement);
    expect(rowCount).toBe(rows);
    expect(await read(`SELECT count(*)::INTEGER FROM '${path}'`)).toEqual([[rows]]);
  });

  test('the order of the rows stays, also where columns are cast', async () => {
    const statement = 'SELECT range::HUGEINT AS n FROM range(500000) ORDER BY hash(range)';
    const { path } = await exportTo('parquet', statement);
    expect(await read(`SELECT n::INTEGER FROM '${path}' LIMIT 5`)).toEqual(
      await read(`SELECT n::INTEGER FROM (${statement}) LIMIT 5`),
    );
  });
});

describe('limits', () => {
  /** What the only child process has at most, while `running`. */
  async function peakMb(running: Promise<unknown>): Promise<number> {
    let ended = false;
    let peak = 0;
    void running.finally(() => (ended = true)).catch(() => {});
    while (!ended) {
      for (const { pid } of statementChildren()) {
        try {
          const status = readFileSync(`/proc/${pid}/status`, 'utf8');
          peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
        } catch {
          // It has just ended.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return peak;
  }

  // About 370 MB of text, where DuckDB has 210 MB and the whole process 420: whoever held the result would be ended.
  const large = (rows: number, times: number) =>
    `SELECT range AS id, repeat(md5(range::VARCHAR), ${times}) AS text FROM range(${rows})`;

  const larger: [ExportFormat, number, number][] = [
    ['parquet', 1_200_000, 8],
    ['csv', 160_000, 64],
    ['parquet', 80_000, 128],
    ['ndjson', 160_000, 64],
  ];
  test.each(larger.slice(0, times(2, 4)))(
    '%s: a result far larger than its memory is written, and the memory stays bounded',
    async (format, rows, times) => {
      const running = exportTo(format, large(rows, times), { limits: { memoryLimitMb: 420 } });
      const peak = await peakMb(running);
      const { rowCount, sizeBytes } = await running;
      expect(rowCount).toBe(rows);
      expect(peak).toBeGreaterThan(50);
      expect(peak).toBeLessThan(420);
      if (format !== 'parquet') expect(sizeBytes).toBeGreaterThan(300 * 2 ** 20);
    },
  );

  test.each<ExportFormat>(['parquet', 'csv', 'ndjson'])('%s: a full disk is one sentence', async (format) => {
    const folder = scratchFolder();
    symlinkSync('/dev/full', join(folder, 'out.part'));
    const { message } = await failureOf(format, 'FROM orders', { path: join(folder, 'out') });
    expect(message).toBe('The disk of the server is full, so nothing was exported; ask an administrator to make room.');
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each<ExportFormat>(['parquet', 'csv'])(
    '%s: too large, too long or stopped leaves no half file',
    async (format) => {
      const endless = 'SELECT range, md5(range::VARCHAR) AS text FROM range(1000000000000)';
      const folder = scratchFolder();
      const path = join(folder, 'out');
      const stop = new AbortController();
      const failures = [
        await failureOf(format, endless, { path, limits: { maxBytes: 20 * 2 ** 20 } }),
        await failureOf(format, endless, { path, limits: { timeoutSeconds: 0.5 } }),
        await failureOf(format, endless, { path, signal: (setTimeout(() => stop.abort(), 700), stop.signal) }),
        await failureOf(format, endless, { path, signal: stop.signal }),
      ];
      expect(failures.map(({ code }) => code)).toEqual([
        'STATEMENT_TOO_LARGE',
        'STATEMENT_TIMEOUT',
        'STATEMENT_CANCELLED',
        'STATEMENT_CANCELLED',
      ]);
      expect(failures[0]?.message).toBe('The file of an export has at most 20 MiB; export fewer rows or columns.');
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test('the file is readable for nobody else', async () => {
    const { path } = await exportTo('parquet', 'SELECT 1');
    expect(statSync(path).mode & 0o777).toBe(0o400);
  });
});
