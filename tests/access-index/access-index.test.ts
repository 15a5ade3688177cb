import { beforeEach, describe, expect, test } from 'vitest';
import { AccessIndex } from '../../src/access/access-index.ts';
import { collectRoles } from '../../src/access/collect-roles.ts';
import { grant, mapping, role, user } from './facts.ts';

let index: AccessIndex;

beforeEach(() => {
  index = new AccessIndex();
  index.replaceAll({
    users: [user('ada'), user('bob'), user('cleo', { active: false }), user('dan')],
    roles: [...collectRoles([]), role('reports.editor', ['core.viewer', 'reports.reader']), role('reports.reader')],
    roleGrants: [
      grant('ada', 'core.admin'),
      grant('bob', 'core.analyst'),
      grant('bob', 'reports.editor'),
      grant('cleo', 'core.admin'),
      grant('ghost', 'core.admin'),
    ],
    userGroups: [],
    groupMappings: [],
  });
});

function rolesOf(userId: string): string[] {
  return [...index.rolesOf(userId)].toSorted();
}

describe('effective roles', () => {
  test('are the granted ones and all they imply', () => {
    expect(rolesOf('ada')).toEqual(['core.admin', 'core.analyst', 'core.km_admin', 'core.viewer']);
    expect(rolesOf('bob')).toEqual(['core.analyst', 'core.viewer', 'reports.editor', 'reports.reader']);
    expect(index.hasRole('bob', 'core.viewer')).toBe(true);
    expect(index.hasRole('bob', 'core.admin')).toBe(false);
  });

  test('are none for a user who is unknown, not active, gone or without grants', () => {
    expect(['nobody', 'cleo', 'ghost', 'dan'].map(rolesOf)).toEqual([[], [], [], []]);
    expect(index.hasRole('cleo', 'core.viewer')).toBe(false);
    expect(index.effectiveRoles('cleo')).toEqual([]);
    index.apply({ kind: 'user', op: 'drop', row: { id: 'ada' } });
    expect(rolesOf('ada')).toEqual([]);
  });

  test('tell every grant that gives them, with the path from there', () => {
    index.apply({ kind: 'roleGrant', op: 'put', row: grant('bob', 'reports.editor', 'second') });
    const viewer = index.effectiveRoles('bob').find(({ roleKey }) => roleKey === 'core.viewer');
    expect(viewer?.via).toEqual([
      { grant: grant('bob', 'core.analyst'), mapping: null, path: ['core.analyst', 'core.viewer'] },
      { grant: grant('bob', 'reports.editor'), mapping: null, path: ['reports.editor', 'core.viewer'] },
      { grant: grant('bob', 'reports.editor', 'second'), mapping: null, path: ['reports.editor', 'core.viewer'] },
    ]);
    expect(index.effectiveRoles('bob').map(({ roleKey }) => roleKey)).toEqual(rolesOf('bob'));
  });

  test('are one shared set for users who hold the same roles directly, in whatever order', () => {
    index.apply({ kind: 'roleGrant', op: 'put', row: grant('dan', 'reports.editor') });
    index.apply({ kind: 'roleGrant', op: 'put', row: grant('dan', 'core.analyst') });
    expect(index.rolesOf('dan')).toBe(index.rolesOf('bob'));
  });

  test('are empty when the granted role has no row, and return with it', () => {
    index.apply({ kind: 'role', op: 'drop', row: { key: 'reports.editor' } });
    expect(rolesOf('bob')).toEqual(['core.analyst', 'core.viewer']);
    index.apply({ kind: 'role', op: 'put', row: role('reports.editor') });
    expect(rolesOf('bob')).toEqual(['core.analyst', 'core.viewer', 'reports.editor']);
  });
});

describe('groups', () => {
  const inGroups = (userId: string, ...groupIds: string[]) =>
    index.apply({ kind: 'userGroups', op: 'put', row: { userId, groupIds } });

  test('give what they are mapped to, from the change on, to members only', () => {
    inGroups('dan', 'readers', 'unmapped');
    expect(rolesOf('dan')).toEqual([]);
    index.apply({ kind: 'groupMapping', op: 'put', row: mapping('readers', 'reports.editor') });
    expect(rolesOf('dan')).toEqual(['core.viewer', 'reports.editor', 'reports.reader']);
    expect(rolesOf('ada')).not.toContain('reports.editor');
    index.apply({ kind: 'groupMapping', op: 'drop', row: { id: 'readers:reports.editor' } });
    expect(rolesOf('dan')).toEqual([]);
  });

  test('that somebody left, or whose mapping changed to another group or role, give nothing any more', () => {
    inGroups('dan', 'one');
    index.apply({ kind: 'groupMapping', op: 'put', row: mapping('one', 'core.viewer', 'm') });
    expect(rolesOf('dan')).toEqual(['core.viewer']);
    index.apply({ kind: 'groupMapping', op: 'put', row: mapping('one', 'reports.reader', 'm') });
    expect(rolesOf('dan')).toEqual(['reports.reader']);
    index.apply({ kind: 'groupMapping', op: 'put', row: mapping('two', 'reports.reader', 'm') });
    expect(rolesOf('dan')).toEqual([]);
    inGroups('dan', 'two');
    expect(rolesOf('dan')).toEqual(['reports.reader']);
    inGroups('dan');
    expect(rolesOf('dan')).toEqual([]);
    expect(index.knownGroups().map(({ id }) => id)).toEqual(['two']);
  });

  test('share one set with those who were given the same roles', () => {
    inGroups('dan', 'staff');
    for (const key of ['core.analyst', 'reports.editor']) {
      index.apply({ kind: 'groupMapping', op: 'put', row: mapping('staff', key) });
    }
    expect(index.rolesOf('dan')).toBe(index.rolesOf('bob'));
  });

  test('count for nobody who is not active, and do not make a lasting holder', () => {
    for (const userId of ['dan', 'cleo', 'ghost']) inGroups(userId, 'owners');
    index.apply({ kind: 'groupMapping', op: 'put', row: mapping('owners', 'core.admin') });
    expect([rolesOf('cleo'), rolesOf('ghost'), index.effectiveRoles('cleo')]).toEqual([[], [], []]);
    expect([index.activeHolders('core.admin'), index.lastingHolders('core.admin')]).toEqual([2, 1]);
    expect(index.knownGroups()[0]?.memberCount).toBe(3);
  });
});

describe('a change counts at once', () => {
  test('a revoked grant, also when the set was asked for before', () => {
    expect(index.hasRole('ada', 'core.admin')).toBe(true);
    index.apply({ kind: 'roleGrant', op: 'drop', row: { id: 'ada:core.admin' } });
    expect(rolesOf('ada')).toEqual([]);
  });

  test('a deactivated user, who has the roles again when activated', () => {
    const before = rolesOf('bob');
    index.apply({ kind: 'user', op: 'put', row: user('bob', { active: false }) });
    expect(rolesOf('bob')).toEqual([]);
    index.apply({ kind: 'user', op: 'put', row: user('bob') });
    expect(rolesOf('bob')).toEqual(before);
  });

  test('a role that implies something else, while sets handed out before stay as they were', () => {
    const before = index.rolesOf('bob');
    index.apply({ kind: 'role', op: 'put', row: role('reports.editor', ['core.km_admin']) });
    expect(rolesOf('bob')).toEqual(['core.analyst', 'core.km_admin', 'core.viewer', 'reports.editor']);
    expect(before.has('core.km_admin')).toBe(false);
  });

  test('a grant that moves to another user', () => {
    index.apply({ kind: 'roleGrant', op: 'put', row: grant('dan', 'core.admin', 'ada:core.admin') });
    expect([rolesOf('ada').length, rolesOf('dan').length]).toEqual([0, 4]);
    expect(index.grantsOf('ada')).toEqual([]);
  });

  test('a grant that comes before its user', () => {
    index.apply({ kind: 'roleGrant', op: 'put', row: grant('eve', 'core.viewer') });
    expect(rolesOf('eve')).toEqual([]);
    index.apply({ kind: 'user', op: 'put', row: user('eve') });
    expect(rolesOf('eve')).toEqual(['core.viewer']);
  });

  test('roles in a circle put in by data do not hang', () => {
    index.apply({ kind: 'role', op: 'put', row: role('core.viewer', ['core.admin']) });
    index.apply({ kind: 'roleGrant', op: 'put', row: grant('dan', 'core.viewer') });
    expect(rolesOf('dan')).toEqual(['core.admin', 'core.analyst', 'core.km_admin', 'core.viewer']);
    expect(index.effectiveRoles('dan')).toHaveLength(4);
    expect(index.activeHolders('core.admin')).toBe(3);
  });
});

describe('look-ups', () => {
  test('find a user by address in any case, and only by the present one', () => {
    expect(index.userByEmail('ADA@Example.com')?.id).toBe('ada');
    index.apply({ kind: 'user', op: 'put', row: user('ada', { email: 'lovelace@example.com' }) });
    expect(index.userByEmail('ada@example.com')).toBeUndefined();
    expect(index.userByEmail('lovelace@example.com')?.id).toBe('ada');
    index.apply({ kind: 'user', op: 'drop', row: { id: 'ada' } });
    expect(index.userByEmail('lovelace@example.com')).toBeUndefined();
  });

  test('find the user who has an address now, when two exchanged theirs', () => {
    index.apply({ kind: 'user', op: 'put', row: user('ada', { email: 'bob@example.com' }) });
    index.apply({ kind: 'user', op: 'put', row: user('bob', { email: 'ada@example.com' }) });
    expect(index.userByEmail('bob@example.com')?.id).toBe('ada');
    expect(index.userByEmail('ada@example.com')?.id).toBe('bob');
  });

  test('tell grants by role, by user and by id', () => {
    expect(index.grantsByRole('core.admin').map(({ userId }) => userId)).toEqual(['ada', 'cleo', 'ghost']);
    expect([index.grantCount('core.admin'), index.grantCount('core.viewer')]).toEqual([3, 0]);
    expect(index.grantsOf('bob').map(({ roleKey }) => roleKey)).toEqual(['core.analyst', 'reports.editor']);
    expect(index.grant('bob:core.analyst')?.userId).toBe('bob');
  });

  test('tell the roles that imply one directly', () => {
    expect(index.impliedBy('core.viewer')).toEqual(['core.analyst', 'reports.editor']);
    index.apply({ kind: 'role', op: 'drop', row: { key: 'core.analyst' } });
    expect(index.impliedBy('core.viewer')).toEqual(['reports.editor']);
    expect(index.roles().map(({ key }) => key)).toEqual([
      'core.admin',
      'core.km_admin',
      'core.viewer',
      'reports.editor',
      'reports.reader',
    ]);
  });
});

describe('active holders', () => {
  test('are counted by any path, each user once, without those not active or gone', () => {
    expect(index.activeHolders('core.admin')).toBe(1);
    expect(index.activeHolders('core.viewer')).toBe(2);
    index.apply({ kind: 'role', op: 'put', row: role('ops.chief', ['core.admin']) });
    index.apply({ kind: 'roleGrant', op: 'put', row: grant('dan', 'ops.chief') });
    index.apply({ kind: 'roleGrant', op: 'put', row: grant('ada', 'ops.chief') });
    expect(index.activeHolders('core.admin')).toBe(2);
    index.apply({ kind: 'role', op: 'drop', row: { key: 'ops.chief' } });
    expect(index.activeHolders('core.admin')).toBe(1);
    expect(index.activeHolders('ops.chief')).toBe(0);
  });
});

describe('version', () => {
  test('rises when access may change and stays when it cannot', () => {
    const riseAfter = (change: Parameters<AccessIndex['apply']>[0]) => {
      const before = index.version;
      index.apply(change);
      return index.version > before;
    };
    expect(riseAfter({ kind: 'roleGrant', op: 'put', row: grant('dan', 'core.viewer') })).toBe(true);
    expect(riseAfter({ kind: 'roleGrant', op: 'drop', row: { id: 'dan:core.viewer' } })).toBe(true);
    expect(riseAfter({ kind: 'user', op: 'put', row: user('dan', { active: false }) })).toBe(true);
    expect(riseAfter({ kind: 'user', op: 'drop', row: { id: 'dan' } })).toBe(true);
    expect(riseAfter({ kind: 'role', op: 'put', row: role('reports.reader', ['core.viewer']) })).toBe(true);
    expect(riseAfter({ kind: 'role', op: 'drop', row: { key: 'reports.reader' } })).toBe(true);
    expect(riseAfter({ kind: 'user', op: 'put', row: user('ada', { email: 'other@example.com' }) })).toBe(false);
    expect(
      riseAfter({
        kind: 'role',
        op: 'put',
        row: { ...role('reports.editor', ['core.viewer', 'reports.reader']), displayName: 'New' },
      }),
    ).toBe(false);
    expect(riseAfter({ kind: 'roleGrant', op: 'drop', row: { id: 'unknown' } })).toBe(false);
    const before = index.version;
    index.replaceAll({ users: [], roles: [], roleGrants: [], userGroups: [], groupMappings: [] });
    expect(index.version).toBeGreaterThan(before);
    expect([rolesOf('ada'), index.grantCount('core.admin'), index.userByEmail('bob@example.com')]).toEqual([
      [],
      0,
      undefined,
    ]);
  });
});
