import { beforeEach, describe, expect, test } from 'vitest';
import { AccessIndex } from '../../src/access/access-index.ts';
import { grant, role, timed, user } from './facts.ts';

const begin = Date.parse('2026-03-01T08:00:00Z');
const end = Date.parse('2026-03-01T17:00:00Z');
const permanent = grant('ada', 'core.viewer');
const temporary = timed(grant('ada', 'core.admin'), { from: begin, until: end });

let index: AccessIndex;

beforeEach(() => {
  index = new AccessIndex();
  index.replaceAll({
    users: [user('ada'), user('bob')],
    roles: [role('core.viewer'), role('core.admin', ['core.viewer'])],
    roleGrants: [permanent, temporary],
    userGroups: [],
    groupMappings: [],
  });
});

function rolesAt(instant: number): string[] {
  index.passTime(new Date(instant));
  return [...index.rolesOf('ada')].toSorted();
}

describe('a grant with a period', () => {
  test('counts from its first instant on and no longer at its last, to the millisecond', () => {
    expect(rolesAt(begin - 1)).toEqual(['core.viewer']);
    expect(rolesAt(begin)).toEqual(['core.admin', 'core.viewer']);
    expect(rolesAt(end - 1)).toEqual(['core.admin', 'core.viewer']);
    expect(rolesAt(end)).toEqual(['core.viewer']);
  });

  test('counts as a path to a role, and its holder as an active one, only in its period', () => {
    const told = () => [
      index.effectiveRoles('ada').flatMap(({ via }) => via).length,
      index.activeHolders('core.admin'),
    ];
    rolesAt(begin - 1);
    expect(told()).toEqual([1, 0]);
    rolesAt(begin);
    expect(told()).toEqual([3, 1]);
    rolesAt(end);
    expect(told()).toEqual([1, 0]);
  });

  test('is listed whether it counts or not', () => {
    for (const instant of [begin - 1, begin, end]) {
      rolesAt(instant);
      expect(index.grantsOf('ada')).toEqual([temporary, permanent]);
      expect([index.grant(temporary.id), index.grantCount('core.admin')]).toEqual([temporary, 1]);
    }
  });

  test('does not make a lasting holder while it has an end', () => {
    rolesAt(begin);
    expect([index.activeHolders('core.admin'), index.lastingHolders('core.admin')]).toEqual([1, 0]);
    expect([index.activeHolders('core.viewer'), index.lastingHolders('core.viewer')]).toEqual([1, 1]);
    const later = timed(grant('bob', 'core.admin'), { from: end });
    index.apply({ kind: 'roleGrant', op: 'put', row: later });
    expect(index.lastingHolders('core.admin')).toBe(0);
    rolesAt(end);
    expect(index.lastingHolders('core.admin')).toBe(1);
  });

  test('counts again when the clock is put back into its period', () => {
    expect(rolesAt(end)).toEqual(['core.viewer']);
    expect(rolesAt(end - 1)).toEqual(['core.admin', 'core.viewer']);
  });
});

describe('a turn', () => {
  test('is told once to each listener, after the roles are right, and raises the version', () => {
    const told: number[] = [];
    const stop = index.onTurn(() => told.push(index.rolesOf('ada').size));
    const versions = [begin - 1, begin, begin + 1, end, end + 1].map((instant) => {
      rolesAt(instant);
      return index.version;
    });
    expect(told).toEqual([2, 1]);
    const [before, first] = versions as [number, number];
    expect(versions).toEqual([before, first, first, first + 1, first + 1]);
    expect(first).toBeGreaterThan(before);
    stop();
    rolesAt(begin);
    expect(told).toHaveLength(2);
  });

  test('is foreseen: the next instant at which a grant begins or ends', () => {
    expect(index.nextTurn).toBe(begin);
    rolesAt(begin);
    expect(index.nextTurn).toBe(end);
    index.apply({ kind: 'roleGrant', op: 'put', row: timed(grant('bob', 'core.viewer'), { until: begin + 5 }) });
    expect(index.nextTurn).toBe(begin + 5);
    rolesAt(end);
    expect(index.nextTurn).toBe(Infinity);
  });

  test('is not foreseen any more when its grant is gone', () => {
    index.apply({ kind: 'roleGrant', op: 'drop', row: temporary });
    expect(index.nextTurn).toBe(Infinity);
  });
});
