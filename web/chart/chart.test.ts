import { describe, expect, test } from 'vitest';
import { choicesFor, columnKind, defaultChoice, type ChartChoice } from './chart-choice.ts';
import { extentOf, mostBars, readChartData } from './chart-data.ts';
import { scalesFor } from './chart-scales.ts';

const bars: ChartChoice = { form: 'bar', x: 0, y: 1, split: null };
const lines: ChartChoice = { ...bars, form: 'line' };

function result(columns: Record<string, string>, rows: unknown[][]) {
  return { columns: Object.entries(columns).map(([name, type]) => ({ name, type })), rows };
}

describe('what is drawn unless somebody chooses', () => {
  const rows = [
    ['a', '2026-01-01', '1', 2],
    ['b', '2026-02-01', '2', 3],
  ];

  test('is the first number over the first time, before any text, as lines', () => {
    const choice = defaultChoice(result({ name: 'VARCHAR', day: 'DATE', sum: 'DECIMAL(9,2)', more: 'DOUBLE' }, rows));
    expect(choice).toEqual({ form: 'line', x: 1, y: 2, split: null });
  });

  test('is the first number over the first text, as bars, where there is no time', () => {
    const choice = defaultChoice(result({ name: 'VARCHAR', list: 'DATE[]', sum: 'HUGEINT', more: 'DOUBLE' }, rows));
    expect(choice).toEqual({ form: 'bar', x: 0, y: 2, split: null });
  });

  test('is a number over another where there is nothing else, and never over itself', () => {
    expect(defaultChoice(result({ one: 'BIGINT', two: 'FLOAT' }, rows))).toMatchObject({ form: 'line', x: 0, y: 1 });
    expect(defaultChoice(result({ one: 'BIGINT' }, rows))).toBeNull();
  });

  test('is split by a text of few values where several rows have the same time, by none of many', () => {
    const plans = Array.from({ length: 20 }, (_, index) => [
      `2026-01-0${1 + (index % 2)}`,
      `n${index}`,
      `p${index % 4}`,
      1,
    ]);
    const columns = { day: 'DATE', name: 'VARCHAR', plan: 'VARCHAR', sum: 'INTEGER' };
    expect(defaultChoice(result(columns, plans))).toEqual({ form: 'line', x: 0, y: 3, split: 2 });
    expect(defaultChoice(result({ ...columns, plan: 'BLOB' }, plans))).toMatchObject({ split: null });
  });

  test('is nothing for one row, for no number, and for what has no place in a chart', () => {
    expect(defaultChoice(result({ name: 'VARCHAR', sum: 'INTEGER' }, [['a', 1]]))).toBeNull();
    expect(defaultChoice(result({ name: 'VARCHAR', day: 'DATE' }, rows))).toBeNull();
    expect(['INTEGER[]', 'VARCHAR[]', 'STRUCT(a INTEGER)', 'BLOB', 'MAP(VARCHAR, INTEGER)'].map(columnKind)).toEqual(
      Array(5).fill('none'),
    );
    expect(choicesFor(result({ a: 'BLOB', b: 'DATE', c: 'VARCHAR', d: 'UTINYINT' }, []).columns)).toEqual({
      x: [1, 2, 3],
      y: [3],
      split: [2],
    });
  });
});

describe('the data of a chart', () => {
  test('stand in the order of time, and in the order of the rows for texts', () => {
    const rows = [
      ['2026-03-01T10:00:00', '3'],
      ['2026-01-01T10:00:00', '1'],
      ['infinity', '9'],
    ];
    const dated = readChartData(result({ at: 'TIMESTAMP', n: 'BIGINT' }, rows), lines);
    expect(dated.xs.map(({ label }) => label)).toEqual(['2026-01-01T10:00:00', '2026-03-01T10:00:00']);
    expect(dated.xs[0]?.position).toBe(Date.UTC(2026, 0, 1, 10));
    const named = readChartData(result({ at: 'VARCHAR', n: 'BIGINT' }, rows), bars);
    expect(named.series).toEqual([{ name: '', values: [3, 1, 9] }]);
  });

  test('of rows with the same place are added up, which is said; what is no number is left out', () => {
    const rows = [
      ['a', '1.5', 'x'],
      ['a', '2', 'x'],
      ['a', 4, 'y'],
      ['b', null, 'x'],
      ['b', 'NaN', 'y'],
      [null, 1, 'y'],
    ];
    const told = result({ name: 'VARCHAR', n: 'DECIMAL(4,1)', kind: 'VARCHAR' }, rows);
    expect(readChartData(told, bars)).toMatchObject({ added: true, series: [{ values: [7.5, 1] }] });
    const split = readChartData(told, { ...bars, split: 2 });
    expect(split.series).toEqual([
      { name: 'x', values: [3.5, null] },
      { name: 'y', values: [4, 1] },
    ]);
    expect(split.xs.map(({ label }) => label)).toEqual(['a', 'NULL']);
  });

  test('are no more than can be told apart, and it is known how many more there are', () => {
    const rows = Array.from({ length: 300 }, (_, index) => [`x${index}`, 1, `s${index % 11}`]);
    const data = readChartData(result({ x: 'VARCHAR', n: 'INTEGER', s: 'VARCHAR' }, rows), { ...bars, split: 2 });
    expect(data.xs).toHaveLength(mostBars);
    expect(data.leftOut).toEqual({ xs: 200, series: 3 });
  });

  test('bars stand on zero, lines use the whole height', () => {
    const data = readChartData(
      result({ x: 'VARCHAR', n: 'INTEGER' }, [
        ['a', 90],
        ['b', 100],
      ]),
      bars,
    );
    expect(extentOf(data, 'bar')).toEqual([0, 100]);
    expect(extentOf(data, 'line')).toEqual([90, 100]);
    const scales = scalesFor(data, { form: 'bar', room: { width: 200, height: 100 } });
    expect([scales.yOf(0), scales.yOf(100)]).toEqual([100, 0]);
    expect(scales.xOf(data.xs[0]!)).toBeLessThan(scales.xOf(data.xs[1]!));
    expect(scales.xTicks.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  test('days lie where they are in time, under names of months', () => {
    const days = ['2026-01-01', '2026-02-01', '2026-12-31'].map((day) => [day, 1]);
    const data = readChartData(result({ day: 'DATE', n: 'INTEGER' }, days), lines);
    const { xOf, xTicks } = scalesFor(data, { form: 'line', room: { width: 400, height: 100 } });
    expect(data.xs.map(xOf)).toEqual([0, expect.closeTo((400 * 31) / 364), 400]);
    expect(xTicks.map(({ text }) => text)).toEqual(['2026', 'Apr', 'Jul', 'Oct']);
  });
});
