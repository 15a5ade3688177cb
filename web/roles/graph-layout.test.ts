import { describe, expect, test } from 'vitest';
import { layOutRoles, type GraphRole } from './graph-layout.ts';

const core = roles({ admin: ['km'], km: ['analyst'], analyst: ['viewer'], viewer: [] });

describe('the layout of roles', () => {
  test('each role stands left of all that it implies, as far as the longest way from it is', () => {
    const { places, columns, lines } = layOutRoles([
      ...core,
      ...roles({ lead: ['viewer', 'analyst'], boss: ['viewer'] }),
    ]);
    expect(columns).toBe(4);
    const column = (key: string) => places.get(key)?.column;
    expect(['admin', 'km', 'lead', 'analyst', 'boss', 'viewer'].map(column)).toEqual([0, 1, 1, 2, 2, 3]);
    expect(lines).toHaveLength(6);
  });

  test('no role stands on another, nor in the way of a line that passes', () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `role${index}`,
        [1, 3, 7]
          .map((step) => index + step)
          .filter((to) => to < 60)
          .map((to) => `role${to}`),
      ]),
    );
    const { places, lines, rows } = layOutRoles(roles(many));
    const passing = lines.flatMap(({ points }) => points.slice(1, -1));
    const all = [...places.values(), ...passing].map(({ column, row }) => `${column}/${row}`);
    expect(new Set(all).size).toBe(all.length);
    expect(passing.length).toBeGreaterThan(0);
    for (const { from, to, points } of lines) {
      expect([points[0], points.at(-1)]).toEqual([places.get(from), places.get(to)]);
      const columns = points.map(({ column }) => column);
      expect(columns).toEqual(columns.map((_, index) => columns[0]! + index));
    }
    for (const { row } of places.values()) expect(row).toBeLessThan(rows);
  });

  test('two lines that need not cross do not', () => {
    const { places } = layOutRoles(roles({ a: ['y'], b: ['x'], x: [], y: [] }));
    const row = (key: string) => places.get(key)!.row;
    expect(Math.sign(row('a') - row('b'))).toBe(Math.sign(row('y') - row('x')));
  });

  test('roles that stand alone have no place, and what implies nothing that there is stands alone', () => {
    const { alone, places, columns, rows } = layOutRoles(roles({ one: [], other: ['gone'] }));
    expect({ alone, places: places.size, columns, rows }).toEqual({
      alone: ['one', 'other'],
      places: 0,
      columns: 0,
      rows: 0,
    });
  });

  test('a circle is drawn somehow and hangs nothing', () => {
    expect(layOutRoles(roles({ a: ['b'], b: ['a'], c: ['c'] })).places.size).toBe(3);
  });
});

function roles(implies: Record<string, string[]>): GraphRole[] {
  return Object.entries(implies).map(([key, implied]) => ({ key, implies: implied.map((to) => ({ key: to })) }));
}
