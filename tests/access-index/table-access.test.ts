import { beforeEach, describe, expect, test } from 'vitest';
import { AccessIndex } from '../../src/access/access-index.ts';
import { collectRoles } from '../../src/access/collect-roles.ts';
import { TableAccessIndex } from '../../src/sharing/table-access.ts';
import { grant, role, table, tableGrant, user } from './facts.ts';

let access: AccessIndex;
let tables: TableAccessIndex;

beforeEach(() => {
  access = new AccessIndex();
  access.replaceAll({
    users: [user('admin'), user('ana'), user('eve'), user('lone'), user('off', { active: false })],
    roles: [...collectRoles([]), role('sales.reader'), role('sales.chief', ['sales.reader'])],
    roleGrants: [
      grant('admin', 'core.admin'),
      grant('ana', 'core.analyst'),
      grant('eve', 'core.analyst'),
      grant('eve', 'sales.chief'),
      grant('off', 'core.admin'),
    ],
    userGroups: [],
    groupMappings: [],
  });
  tables = new TableAccessIndex(access);
  tables.replaceAll({
    tables: [table('orders'), table('calendar', true), table('salaries')],
    tableGrants: [tableGrant('orders', 'role:sales.reader')],
  });
});

function idsOf(userId: string): readonly string[] {
  return tables.readableSet(userId).ids;
}

describe('who reads a table', () => {
  test('nobody but administrators while it is private', () => {
    expect(['admin', 'ana', 'eve', 'lone'].map((id) => tables.canRead(id, 'salaries'))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('everybody active when it is public', () => {
    expect(['admin', 'ana', 'lone', 'off'].map((id) => tables.canRead(id, 'calendar'))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test('a user whom a grant names, also without any role', () => {
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('salaries', 'user:lone') });
    expect(idsOf('lone')).toEqual(['calendar', 'salaries']);
    tables.apply({ kind: 'tableGrant', op: 'drop', row: { id: 'allow:salaries:user:lone' } });
    expect(idsOf('lone')).toEqual(['calendar']);
  });

  test('a holder of the granted role by implication, from the next question after a change of roles', () => {
    expect(idsOf('eve')).toEqual(['calendar', 'orders']);
    access.apply({ kind: 'role', op: 'put', row: role('sales.chief') });
    expect(idsOf('eve')).toEqual(['calendar']);
    access.apply({ kind: 'roleGrant', op: 'put', row: grant('ana', 'sales.reader') });
    expect(idsOf('ana')).toEqual(['calendar', 'orders']);
    access.apply({ kind: 'role', op: 'drop', row: { key: 'sales.reader' } });
    expect(idsOf('ana')).toEqual(['calendar']);
  });

  test('nobody when it is not registered, whatever grants remain', () => {
    tables.apply({ kind: 'table', op: 'drop', row: { id: 'orders' } });
    expect(['admin', 'eve'].map((id) => tables.canRead(id, 'orders'))).toEqual([false, false]);
    expect(idsOf('admin')).toEqual(['calendar', 'salaries']);
  });

  test('no user who is not active or not known', () => {
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('salaries', 'user:off') });
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('salaries', 'user:stranger') });
    expect([idsOf('off'), idsOf('stranger')]).toEqual([[], []]);
  });
});

describe('a denying grant', () => {
  test('wins over an allowing grant to the user, to a role, and over public', () => {
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('orders', 'user:eve', 'deny') });
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('orders', 'user:eve', 'allow') });
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('calendar', 'role:core.viewer', 'deny') });
    expect(idsOf('eve')).toEqual([]);
    expect(idsOf('ana')).toEqual([]);
    expect(idsOf('lone')).toEqual(['calendar']);
  });

  test('does not bind an administrator', () => {
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('orders', 'user:admin', 'deny') });
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('calendar', 'role:core.viewer', 'deny') });
    expect(idsOf('admin')).toEqual(['calendar', 'orders', 'salaries']);
    access.apply({ kind: 'roleGrant', op: 'drop', row: { id: 'admin:core.admin' } });
    access.apply({ kind: 'roleGrant', op: 'put', row: grant('admin', 'core.km_admin') });
    expect(idsOf('admin')).toEqual([]);
  });
});

describe('a principal', () => {
  test('reads by the roles it carries, unless its user has been deactivated since', () => {
    const principal = { userId: 'eve', roles: access.rolesOf('eve') };
    const system = { userId: 'system', roles: new Set(['core.admin']) };
    expect(tables.canRead(principal, 'orders')).toBe(true);
    expect(tables.readableSet(system).ids).toEqual(['calendar', 'orders', 'salaries']);
    access.apply({ kind: 'user', op: 'put', row: user('eve', { active: false }) });
    expect(tables.readableSet(principal).ids).toEqual([]);
    expect(tables.explain(principal, 'orders')).toEqual([{ effect: 'deny', kind: 'noActiveUser' }]);
  });
});

describe('readable sets', () => {
  test('are sorted, and one object with one key for equal rights, however they came about', () => {
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('orders', 'user:ana') });
    const set = tables.readableSet('ana');
    expect(set.ids).toEqual(['calendar', 'orders']);
    expect(tables.readableSet('ana')).toBe(set);
    expect(tables.readableSet('eve')).toBe(set);
    expect(tables.readableSet({ userId: 'eve', roles: new Set(['sales.reader']) })).toBe(set);
    expect(tables.readableSet('lone').key).not.toBe(set.key);
  });

  test('keep their key over changes that leave the rights as they are', () => {
    const { key } = tables.readableSet('eve');
    tables.apply({ kind: 'table', op: 'put', row: table('new') });
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('new', 'user:lone') });
    expect(tables.readableSet('eve').key).toBe(key);
  });

  test('are told apart for two users with the same roles when a grant names one of them', () => {
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('salaries', 'user:eve') });
    access.apply({ kind: 'roleGrant', op: 'put', row: grant('ana', 'sales.chief') });
    expect(access.rolesOf('ana')).toBe(access.rolesOf('eve'));
    expect(idsOf('eve')).toEqual(['calendar', 'orders', 'salaries']);
    expect(idsOf('ana')).toEqual(['calendar', 'orders']);
  });

  test('cannot be changed by who holds them', () => {
    expect(() => (tables.readableSet('ana').ids as string[]).push('salaries')).toThrow(TypeError);
  });
});

describe('explain', () => {
  test('tells every reason, the deciding one first', () => {
    const allow = tableGrant('orders', 'role:sales.reader');
    const deny = tableGrant('orders', 'user:eve', 'deny');
    tables.apply({ kind: 'tableGrant', op: 'put', row: deny });
    tables.apply({ kind: 'table', op: 'put', row: table('orders', true) });
    expect(tables.explain('eve', 'orders')).toEqual([
      { effect: 'deny', kind: 'grant', grant: deny },
      { effect: 'allow', kind: 'grant', grant: allow },
      { effect: 'allow', kind: 'public' },
    ]);
    expect(tables.explain('admin', 'orders')).toEqual([
      { effect: 'allow', kind: 'administrator' },
      { effect: 'allow', kind: 'public' },
    ]);
  });

  test('tells why nothing allows it', () => {
    expect(tables.explain('ana', 'salaries')).toEqual([{ effect: 'deny', kind: 'private' }]);
    expect(tables.explain('ana', 'nowhere')).toEqual([{ effect: 'deny', kind: 'noSuchTable' }]);
    expect(tables.explain('off', 'calendar')).toEqual([{ effect: 'deny', kind: 'noActiveUser' }]);
    expect(tables.explain('stranger', 'calendar')).toEqual([{ effect: 'deny', kind: 'noActiveUser' }]);
  });
});

describe('version', () => {
  test('rises when access may change and stays when it cannot', () => {
    const versions = [tables.version];
    tables.apply({ kind: 'table', op: 'put', row: table('orders', true) });
    versions.push(tables.version);
    tables.apply({ kind: 'tableGrant', op: 'put', row: tableGrant('orders', 'user:ana', 'deny') });
    versions.push(tables.version);
    expect(versions).toEqual([...new Set(versions)].toSorted((left, right) => left - right));
    const before = tables.version;
    tables.apply({ kind: 'table', op: 'put', row: table('orders', true) });
    tables.apply({ kind: 'table', op: 'drop', row: { id: 'unknown' } });
    tables.apply({ kind: 'tableGrant', op: 'drop', row: { id: 'unknown' } });
    expect(tables.version).toBe(before);
  });
});
