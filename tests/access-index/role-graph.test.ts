import { describe, expect, test } from 'vitest';
import { expandRoles, findCycles, invertImplies, pathsFrom } from '../../src/access/role-graph.ts';

function graph(edges: Record<string, string[]>) {
  return new Map(Object.entries(edges).map(([key, implies]) => [key, { implies }]));
}

describe('expandRoles', () => {
  test('follows implies to the end and includes where it began', () => {
    const roles = graph({ a: ['b'], b: ['c', 'd'], c: [], d: [], other: ['a'] });
    expect([...expandRoles(roles, ['a'])].toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect([...expandRoles(roles, [])]).toEqual([]);
  });

  test('gives nothing for a role that is gone, whether it was asked for or implied', () => {
    const roles = graph({ a: ['gone', 'b'], b: [] });
    expect([...expandRoles(roles, ['a', 'never'])].toSorted()).toEqual(['a', 'b']);
  });

  test('ends when roles imply each other or themselves', () => {
    const roles = graph({ a: ['b'], b: ['c'], c: ['a', 'c'] });
    expect([...expandRoles(roles, ['b'])].toSorted()).toEqual(['a', 'b', 'c']);
  });
});

describe('pathsFrom', () => {
  test('has every path to each role that is given, shortest first, none through a role twice', () => {
    const roles = graph({ a: ['b', 'c', 'f'], b: ['d'], c: ['d'], d: ['f', 'gone'], f: ['a'] });
    expect(Object.fromEntries(pathsFrom(roles, 'a'))).toEqual({
      a: [['a']],
      b: [['a', 'b']],
      c: [['a', 'c']],
      d: [
        ['a', 'b', 'd'],
        ['a', 'c', 'd'],
      ],
      f: [
        ['a', 'f'],
        ['a', 'b', 'd', 'f'],
        ['a', 'c', 'd', 'f'],
      ],
    });
    expect(pathsFrom(roles, 'gone').size).toBe(0);
  });

  test('stays small where there are more paths than anybody reads, and still reaches every role', () => {
    const layers = Array.from({ length: 12 }, (_, layer) => ['x', 'y', 'z'].map((name) => `${name}${layer}`));
    const dense = layers.flatMap((keys, layer) => keys.map((key) => [key, layers[layer + 1] ?? []] as const));
    const paths = pathsFrom(graph(Object.fromEntries(dense)), 'x0');
    expect(paths.size).toBe(1 + 11 * 3);
    expect([...paths.values()].flat().length).toBeLessThan(1_100);
  });
});

describe('invertImplies', () => {
  test('names for each implied role who implies it directly', () => {
    expect(Object.fromEntries(invertImplies(graph({ a: ['c', 'c'], b: ['c', 'a'], c: [] })))).toEqual({
      a: ['b'],
      c: ['a', 'b'],
    });
  });
});

describe('findCycles', () => {
  test('finds none in a diamond', () => {
    expect(findCycles(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: ['gone'] }))).toEqual([]);
  });

  test('names each circle from its least key on', () => {
    const roles = graph({ z: ['m'], m: ['k'], k: ['m', 'z'], self: ['self'], free: ['z'] });
    expect(findCycles(roles)).toEqual([
      ['k', 'm', 'k'],
      ['k', 'z', 'm', 'k'],
      ['self', 'self'],
    ]);
  });

  test('does not exhaust the stack on a chain of 100,000 roles', () => {
    const length = 100_000;
    const roles = new Map(Array.from({ length }, (_, n) => [`r${n}`, { implies: [`r${(n + 1) % length}`] }]));
    expect(findCycles(roles)).toEqual([expect.objectContaining({ length: length + 1 })]);
    expect(expandRoles(roles, ['r7']).size).toBe(length);
  });
});
