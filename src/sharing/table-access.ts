import type { AccessIndex } from '../access/access-index.ts';
import { coreAdmin } from '../access/core-roles.ts';
import { readableSet, ReadableSets, type ReadableSet } from './readable-set.ts';
import type { AccessTable, TableAccessChange, TableAccessSnapshot, TableGrant } from './table-grant.ts';

/** Who reads: a principal, or its like with effective roles. */
export interface Reader {
  readonly userId: string;
  readonly roles: ReadonlySet<string>;
}

/** Why somebody may or may not read a table. `private`: nothing allows it, and nothing denies it. */
export type AccessReason =
  | { readonly effect: 'deny'; readonly kind: 'noSuchTable' | 'noActiveUser' | 'private' }
  | { readonly effect: 'allow'; readonly kind: 'administrator' | 'public' }
  | { readonly effect: 'allow' | 'deny'; readonly kind: 'grant'; readonly grant: TableGrant };

const nothing = readableSet([]);

/**
 * Who may read which table, in memory, fed with every committed change.
 *
 * - A table is private unless it is public or a grant allows it, to the user or to one of the user's effective roles.
 * - A denying grant wins over every allowing one and over `isPublic`.
 * - A holder of `core.admin` reads every table. No denying grant binds an administrator, who could take it away anyway.
 * - Nobody reads a table that does not exist, and a user who is not active reads nothing.
 *
 * A reader given by id is looked up in the access index, where it must be known and active. A principal is taken with the
 * roles it has, unless the access index knows its user as not active.
 */
export class TableAccessIndex {
  readonly #access: AccessIndex;
  readonly #tables = new Map<string, AccessTable>();
  readonly #grants = new Map<string, TableGrant>();
  readonly #grantsByGrantee = { user: new Map<string, Set<TableGrant>>(), role: new Map<string, Set<TableGrant>>() };
  readonly #sets = new ReadableSets();
  #sorted: readonly AccessTable[] | undefined;
  #version = 0;

  constructor(access: AccessIndex) {
    this.#access = access;
  }

  /** Rises with each change of tables and table grants that may alter what anybody reads; roles have a version of their own. */
  get version(): number {
    return this.#version;
  }

  /** Forgets everything and takes `snapshot` in its place. */
  replaceAll(snapshot: TableAccessSnapshot): void {
    const { user, role } = this.#grantsByGrantee;
    for (const map of [this.#tables, this.#grants, user, role]) map.clear();
    this.#changed();
    for (const row of snapshot.tables) this.#putTable(row);
    for (const row of snapshot.tableGrants) this.#putGrant(row);
  }

  /** Takes one change in; changes come in the order of their commits. */
  apply(change: TableAccessChange): void {
    switch (change.kind) {
      case 'table':
        return change.op === 'put' ? this.#putTable(change.row) : this.#dropTable(change.row.id);
      case 'tableGrant':
        return change.op === 'put' ? this.#putGrant(change.row) : this.#dropGrant(change.row.id);
    }
  }

  canRead(reader: Reader | string, tableId: string): boolean {
    return this.readableSet(reader).has(tableId);
  }

  /** What the reader may read now: a look-up, unless something has changed since somebody with these rights asked. */
  readableSet(reader: Reader | string): ReadableSet {
    const { userId, roles } = typeof reader === 'string' ? this.#readerOf(reader) : reader;
    if (!this.#mayRead(reader)) return nothing;
    const owner = { userId, roles, named: this.#grantsByGrantee.user.has(userId) };
    return this.#sets.find(owner) ?? this.#sets.keep(owner, this.#readableIds({ userId, roles }));
  }

  /** Every reason that speaks for or against; the first one decides. */
  explain(reader: Reader | string, tableId: string): AccessReason[] {
    const table = this.#tables.get(tableId);
    if (table === undefined) return [{ effect: 'deny', kind: 'noSuchTable' }];
    if (!this.#mayRead(reader)) return [{ effect: 'deny', kind: 'noActiveUser' }];
    const resolved = typeof reader === 'string' ? this.#readerOf(reader) : reader;
    const grants = this.#grantsFor(resolved).filter((grant) => grant.tableId === tableId);
    const reasons: AccessReason[] = [
      ...grantReasons(grants, 'deny'),
      ...grantReasons(grants, 'allow'),
      ...(table.isPublic ? [{ effect: 'allow', kind: 'public' } as const] : []),
    ];
    if (resolved.roles.has(coreAdmin.key)) reasons.unshift({ effect: 'allow', kind: 'administrator' });
    return reasons.length > 0 ? reasons : [{ effect: 'deny', kind: 'private' }];
  }

  #readerOf(userId: string): Reader {
    return { userId, roles: this.#access.rolesOf(userId) };
  }

  #mayRead(reader: Reader | string): boolean {
    if (typeof reader === 'string') return this.#access.user(reader)?.active === true;
    return this.#access.user(reader.userId)?.active !== false;
  }

  #readableIds(reader: Reader): string[] {
    const tables = this.#sortedTables();
    if (reader.roles.has(coreAdmin.key)) return tables.map((table) => table.id);
    const effects = new Map<string, TableGrant['effect']>();
    for (const { tableId, effect } of this.#grantsFor(reader)) {
      if (effects.get(tableId) !== 'deny') effects.set(tableId, effect);
    }
    return tables
      .filter((table) => (effects.get(table.id) ?? (table.isPublic ? 'allow' : 'deny')) === 'allow')
      .map((table) => table.id);
  }

  /** Grants that name the user or one of the roles. */
  #grantsFor(reader: Reader): TableGrant[] {
    const { user, role } = this.#grantsByGrantee;
    const grants = [...(user.get(reader.userId) ?? [])];
    for (const key of reader.roles) for (const grant of role.get(key) ?? []) grants.push(grant);
    return grants;
  }

  #sortedTables(): readonly AccessTable[] {
    this.#sorted ??= [...this.#tables.values()].toSorted((left, right) => (left.id < right.id ? -1 : 1));
    return this.#sorted;
  }

  #putTable(row: AccessTable): void {
    const before = this.#tables.get(row.id);
    this.#tables.set(row.id, row);
    if (before?.isPublic !== row.isPublic) this.#changed();
  }

  #dropTable(id: string): void {
    if (this.#tables.delete(id)) this.#changed();
  }

  #putGrant(row: TableGrant): void {
    this.#dropGrant(row.id);
    this.#grants.set(row.id, row);
    const byGrantee = this.#grantsByGrantee[row.granteeKind];
    const ofGrantee = byGrantee.get(row.granteeId);
    if (ofGrantee) ofGrantee.add(row);
    else byGrantee.set(row.granteeId, new Set([row]));
    this.#changed();
  }

  #dropGrant(id: string): void {
    const row = this.#grants.get(id);
    if (row === undefined) return;
    this.#grants.delete(id);
    const byGrantee = this.#grantsByGrantee[row.granteeKind];
    const ofGrantee = byGrantee.get(row.granteeId);
    ofGrantee?.delete(row);
    if (ofGrantee?.size === 0) byGrantee.delete(row.granteeId);
    this.#changed();
  }

  #changed(): void {
    this.#sets.forget();
    this.#sorted = undefined;
    this.#version += 1;
  }
}

function grantReasons(grants: readonly TableGrant[], effect: TableGrant['effect']): AccessReason[] {
  return grants.filter((grant) => grant.effect === effect).map((grant) => ({ effect, kind: 'grant', grant }));
}
