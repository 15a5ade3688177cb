import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { convertValue } from '../../src/engine/value-converter.ts';

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone = 'UTC'");
});

async function valueOf(expression: string): Promise<unknown> {
  const reader = await connection.runAndReadAll(`SELECT ${expression}`);
  return convertValue(reader.getRows()[0]![0]!);
}

describe('a value keeps everything it says', () => {
  test.each<[string, unknown]>([
    ['NULL', null],
    ['true', true],
    ['127::TINYINT', 127],
    ['4294967295::UINTEGER', 4294967295],
    ['(-2147483648)::INTEGER', -2147483648],
    ['9223372036854775807::BIGINT', '9223372036854775807'],
    ['18446744073709551615::UBIGINT', '18446744073709551615'],
    ["'-170141183460469231731687303715884105728'::HUGEINT", '-170141183460469231731687303715884105728'],
    ['340282366920938463463374607431768211455::UHUGEINT', '340282366920938463463374607431768211455'],
    ["'123456789012345678901234567890123456789012345'::BIGNUM", '123456789012345678901234567890123456789012345'],
    ['1.10::DECIMAL(10,2)', '1.10'],
    ['-0.05::DECIMAL(3,2)', '-0.05'],
    ["'12345678901234567890123456789012345.678'::DECIMAL(38,3)", '12345678901234567890123456789012345.678'],
    ['0.1::DOUBLE', 0.1],
    ['0.5::FLOAT', 0.5],
    ["'nan'::DOUBLE", 'NaN'],
    ["'inf'::DOUBLE", 'Infinity'],
    ["'-inf'::FLOAT", '-Infinity'],
    ["'ěšč 🦆'", 'ěšč 🦆'],
    ['\'{"a": 1}\'::JSON', '{"a": 1}'],
    ["'\\x00\\xFFab'::BLOB", 'AP9hYg=='],
    ["'10101'::BIT", '10101'],
    ["'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID", '6ba7b810-9dad-11d1-80b4-00c04fd430c8'],
    ["'b'::ENUM('a', 'b')", 'b'],
  ])('%s', async (expression, value) => {
    expect(await valueOf(expression)).toEqual(value);
  });
});

describe('a time is ISO 8601', () => {
  test.each<[string, unknown]>([
    ["DATE '2024-02-29'", '2024-02-29'],
    ["DATE '1969-12-31'", '1969-12-31'],
    ["DATE '0001-01-01'", '0001-01-01'],
    ["DATE '0001-12-31 (BC)'", '0000-12-31'],
    ["DATE '0044-03-15 (BC)'", '-000043-03-15'],
    ["DATE '12024-01-01'", '+012024-01-01'],
    ["DATE '5881580-07-10'", '+5881580-07-10'],
    ["'infinity'::DATE", 'infinity'],
    ["'-infinity'::DATE", '-infinity'],
    ["TIMESTAMP '2024-02-03 04:05:06'", '2024-02-03T04:05:06'],
    ["TIMESTAMP '2024-02-03 04:05:06.789'", '2024-02-03T04:05:06.789'],
    ["TIMESTAMP '1969-12-31 23:59:59.999999'", '1969-12-31T23:59:59.999999'],
    ["TIMESTAMP '0044-03-15 (BC) 12:00:00'", '-000043-03-15T12:00:00'],
    ["'infinity'::TIMESTAMP", 'infinity'],
    ["TIMESTAMPTZ '2024-02-03 04:05:06.789+02'", '2024-02-03T02:05:06.789Z'],
    ["'-infinity'::TIMESTAMPTZ", '-infinity'],
    ["TIMESTAMP_S '2024-02-03 04:05:06'", '2024-02-03T04:05:06'],
    ["TIMESTAMP_MS '1969-12-31 23:59:59.999'", '1969-12-31T23:59:59.999'],
    ["TIMESTAMP_NS '2024-02-03 04:05:06.000000789'", '2024-02-03T04:05:06.000000789'],
    ["TIME '04:05:06.1'", '04:05:06.100'],
    ["TIME '24:00:00'", '24:00:00'],
    ["'04:05:06.5+02:30'::TIMETZ", '04:05:06.500+02:30'],
    ["'04:05:06-01:02:03'::TIMETZ", '04:05:06-01:02:03'],
    ["'12:00:00.123456789'::TIME_NS", '12:00:00.123456789'],
    ["INTERVAL '14 months 3 days 04:05:06.789'", 'P1Y2M3DT4H5M6.789S'],
    ["INTERVAL '-14 months' - INTERVAL '90 seconds'", 'P-1Y-2MT-1M-30S'],
    ["INTERVAL '-0.5 seconds'", 'PT-0.500S'],
    ["INTERVAL '100 hours'", 'PT100H'],
    ['INTERVAL 0 days', 'PT0S'],
  ])('%s', async (expression, value) => {
    expect(await valueOf(expression)).toEqual(value);
  });

  test('on every day of four centuries and on both sides of them', async () => {
    const reader = await connection.runAndReadAll(`
      SELECT d, strftime(d, '%Y-%m-%d') FROM (SELECT DATE '1599-12-01' + i::INTEGER AS d FROM range(150000) t(i))`);
    const wrong = reader.getRows().filter(([date, text]) => convertValue(date!) !== text);
    expect(wrong).toEqual([]);
  });
});

describe('a nested value keeps its shape', () => {
  test.each<[string, unknown]>([
    ['[1::BIGINT, NULL]', ['1', null]],
    ['[[1], []]::INTEGER[][]', [[1], []]],
    ["['a', 'b']::VARCHAR[2]", ['a', 'b']],
    ["{'a': 1, 'b': {'c': [DATE '2024-01-01']}}", { a: 1, b: { c: ['2024-01-01'] } }],
    [
      "MAP {'k': 1.5, 'l': NULL}",
      [
        { key: 'k', value: '1.5' },
        { key: 'l', value: null },
      ],
    ],
    ['union_value(x := 1)', { tag: 'x', value: 1 }],
    ["{'a': [1, 2]}::VARIANT", { a: [1, 2] }],
    ["'POINT(1 2)'::GEOMETRY", 'AQEAAAAAAAAAAADwPwAAAAAAAABA'],
  ])('%s', async (expression, value) => {
    expect(await valueOf(expression)).toEqual(value);
  });
});
