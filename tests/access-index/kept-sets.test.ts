import { describe, expect, test } from 'vitest';
import { RoleCombinations } from '../../src/access/role-combinations.ts';
import { ReadableSets } from '../../src/sharing/readable-set.ts';
import { role } from './facts.ts';

describe('expansions of roles', () => {
  const roles = new Map([role('a', ['b']), role('b'), role('c', ['b'])].map((row) => [row.key, row]));

  test('past the limit the oldest are forgotten, and made again when asked for', () => {
    const combinations = new RoleCombinations(roles, 20);
    const made = [['a'], ['b'], ['c']].map((direct) => combinations.take(direct));
    const sets = made.map((combination) => combinations.expand(combination));
    expect(made.map((combination) => combination.effective !== undefined)).toEqual([false, true, true]);
    const again = combinations.expand(made[0]!);
    expect(again).not.toBe(sets[0]);
    expect([...again]).toEqual(['a', 'b']);
  });

  test('a combination that nobody holds any more is forgotten with its last holder', () => {
    const combinations = new RoleCombinations(roles);
    const [first, second] = [combinations.take(['a', 'c', 'a']), combinations.take(['c', 'a'])];
    expect(second).toBe(first);
    combinations.expand(first);
    combinations.release(first);
    expect(combinations.take(['a', 'c'])).toBe(first);
    combinations.release(first);
    combinations.release(first);
    expect(first.effective).toBeUndefined();
    expect(combinations.take(['a', 'c'])).not.toBe(first);
  });
});

describe('readable sets', () => {
  test('past the limit all are forgotten, and what is kept afterwards is shared again', () => {
    const sets = new ReadableSets(3);
    const owner = () => ({ roles: new Set(['r']), personal: undefined });
    const [ana, bob, cleo] = [owner(), owner(), owner()];
    const kept = sets.keep(ana, ['t1', 't2']);
    expect(sets.keep(bob, ['t1', 't2'])).toBe(kept);
    expect(sets.find(ana)).toBe(kept);
    const other = sets.keep(cleo, ['t1', 't3']);
    expect([sets.find(ana), sets.find(bob), sets.find(cleo)]).toEqual([undefined, undefined, other]);
    expect(sets.keep(ana, ['t1', 't3'])).toBe(other);
  });
});
