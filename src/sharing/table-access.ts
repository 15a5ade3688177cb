import type { AccessUser } from '../access/access-change.ts';
import type { AccessIndex } from '../access/access-index.ts';
import { coreAdmin } from '../access/core-roles.ts';
import { narrowedRoles } from '../access/narrowed-roles.ts';
import { TimedGrants } from '../access/timed-grants.ts';
import type { Narrowing } from '../operation/principal.ts';
import { GrantSets } from './grant-sets.ts';
import { scopeKey, scopeKeysOf } from './grant-scope.ts';
import { NarrowedSets } from './narrowed-sets.ts';
import { readableSet, ReadableSets, type ReadableSet } from './readable-set.ts';
import type { AccessTable, TableAccessChange, TableAccessSnapshot, TableGrant } from './table-grant.ts';

/** Who reads: a principal, or its like with effective roles. */
export interface Reader {
  readonly userId: string;
  readonly roles: ReadonlySet<string>;
  /** Of a token that gives up rights; `roles` is left aside then. */
  readonly narrowing?: Narrowing;
}

/** Why somebody may or may not read a table. `private`: nothing allows it, and nothing denies it. */
export type AccessReason =
  | { readonly effect: 'deny'; readonly kind: 'noSuchTable' | 'noActiveUser' | 'private' }
  | { readonly effect: 'allow'; readonly kind: 'administrator' | 'public' }
  | { readonly effect: 'allow' | 'deny'; readonly kind: 'grant'; readonly grant: TableGrant };

interface TableEntry {
  readonly row: AccessTable;
  /** Of every scope that covers it, the narrowest first. */
  readonly scopeKeys: readonly string[];
}

const nothing = readableSet([]);

/**
 * Who may read which table, in memory, fed with every committed change and with the time.
 *
 * - A table is private unless it is public or a grant allows it: to the user or to one of the user's effective roles, on the
 *   table, on its bucket or on its source.
 * - A denying grant on any of these wins over every allowing one and over `isPublic`.
 * - A grant with a period counts only in it.
 * - A holder of `core.admin` reads every table. No denying grant binds an administrator, who could take it away anyway.
 * - A token that was narrowed reads what its owner reads, with all roles and with the kept ones alike, of the tables it lists.
 * - Nobody reads a table that does not exist, and a user who is not active reads nothing.
 *
 * A reader given by id is looked up in the access index, where it must be known and active. A principal is taken with the
 * roles it has, unless the access index knows its user as not active. The time is that of the access index.
 */
export class TableAccessIndex {
  readonly #access: AccessIndex;
  readonly #tables = new Map<string, TableEntry>();
  readonly #grants = new Map<string, TableGrant>();
  /** Of grants that count now. */
  readonly #byGrantee = { user: new GrantSets(), role: new GrantSets() };
  /** Of all grants. */
  readonly #byScope = new GrantSets();
  readonly #timed = new TimedGrants<TableGrant>();
  readonly #turnListeners = new Set<() => void>();
  readonly #sets = new ReadableSets();
  readonly #narrowed = new NarrowedSets();
  #sorted: readonly TableEntry[] | undefined;
  #version = 0;

  constructor(access: AccessIndex) {
    this.#access = access;
  }

  /** Rises with each change of tables and table grants that may alter what anybody reads; roles have a version of their own. */
  get version(): number {
    this.#settle();
    return this.#version;
  }

  /** Forgets everything and takes `snapshot` in its place. */
  replaceAll(snapshot: TableAccessSnapshot): void {
    const { user, role } = this.#byGrantee;
    for (const part of [this.#tables, this.#grants, this.#timed, this.#byScope, user, role]) part.clear();
    this.#tablesChanged();
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

  /** Lets the grants count that do at `now`, and no others, of roles too. */
  passTime(now: Date): void {
    this.#access.passTime(now);
    this.#settle();
  }

  /** No table grant begins or ends by itself before this instant, in milliseconds since the epoch; Infinity when none is going to. */
  get nextTurn(): number {
    return this.#timed.next;
  }

  /** `listener` runs synchronously whenever table grants have begun or ended by themselves. Returns how to stop. */
  onTurn(listener: () => void): () => void {
    this.#turnListeners.add(listener);
    return () => void this.#turnListeners.delete(listener);
  }

  canRead(reader: Reader | string, tableId: string): boolean {
    return this.readableSet(reader).has(tableId);
  }

  /** What the reader may read now: a look-up, unless something has changed since somebody with these rights asked. */
  readableSet(reader: Reader | string): ReadableSet {
    this.#settle();
    if (typeof reader === 'object' && reader.narrowing) return this.#narrowedSet(reader.userId, reader.narrowing);
    const { userId, roles } = this.#resolve(reader);
    if (!this.#mayRead(reader)) return nothing;
    const owner = { roles, personal: this.#byGrantee.user.mark(userId) };
    return this.#sets.find(owner) ?? this.#sets.keep(owner, this.#readableIds({ userId, roles }));
  }

  /** With fewer roles a denying grant to a role may fall away, so what the owner reads with all of them bounds the rest. */
  #narrowedSet(userId: string, narrowing: Narrowing): ReadableSet {
    if (!this.#mayRead(userId)) return nothing;
    const owned = this.readableSet(userId);
    const roles = narrowedRoles(this.#access, { userId, narrowing });
    return this.#narrowed.of(narrowing, [owned, this.readableSet({ userId, roles })]);
  }

  /** Every reason that speaks for or against; the first one decides. */
  explain(reader: Reader | string, tableId: string): AccessReason[] {
    this.#settle();
    const table = this.#tables.get(tableId);
    if (table === undefined) return [{ effect: 'deny', kind: 'noSuchTable' }];
    if (!this.#mayRead(reader)) return [{ effect: 'deny', kind: 'noActiveUser' }];
    const { userId, roles } = this.#resolve(reader);
    const grants = this.#grantsOn(table, (grant) => this.#timed.counts(grant) && names(grant, { userId, roles }));
    const reasons: AccessReason[] = [
      ...grantReasons(grants, 'deny'),
      ...grantReasons(grants, 'allow'),
      ...(table.row.isPublic ? [{ effect: 'allow', kind: 'public' } as const] : []),
    ];
    if (roles.has(coreAdmin.key)) reasons.unshift({ effect: 'allow', kind: 'administrator' });
    return reasons.length > 0 ? reasons : [{ effect: 'deny', kind: 'private' }];
  }

  /** All who may read this table now, by e-mail address; none when there is no such table. */
  readersOf(tableId: string): AccessUser[] {
    this.#settle();
    const table = this.#tables.get(tableId);
    if (table === undefined) return [];
    const grants = this.#grantsOn(table, (grant) => this.#timed.counts(grant));
    const toUsers = new Set(grants.filter((grant) => grant.granteeKind === 'user').map((grant) => grant.granteeId));
    const byRoles = new Map<ReadonlySet<string>, boolean>();
    return this.#access.users().filter(({ id: userId, active }) => {
      const reader = { userId, roles: this.#access.rolesOf(userId) };
      if (!active || toUsers.has(userId)) return active && isReadBy(reader, { table, grants });
      const reads = byRoles.get(reader.roles) ?? isReadBy(reader, { table, grants });
      byRoles.set(reader.roles, reads);
      return reads;
    });
  }

  /** The grant with this id, whether it counts now or not. */
  grant(id: string): TableGrant | undefined {
    return this.#grants.get(id);
  }

  /** All grants that cover this table, whether they count now or not: on the table, its bucket, its source, oldest first in each. */
  grantsOn(tableId: string): TableGrant[] {
    const table = this.#tables.get(tableId);
    return table ? this.#grantsOn(table, () => true) : [];
  }

  /** All grants on this source as a whole and on its buckets, oldest first. */
  grantsOnSource(sourceId: string): TableGrant[] {
    return [...this.#grants.values()]
      .filter(({ scope }) => scope.kind !== 'table' && scope.sourceId === sourceId)
      .toSorted(byAge);
  }

  #grantsOn(table: TableEntry, matches: (grant: TableGrant) => boolean): TableGrant[] {
    return table.scopeKeys.flatMap((key) => [...(this.#byScope.get(key) ?? [])].filter(matches).toSorted(byAge));
  }

  #resolve(reader: Reader | string): Reader {
    return typeof reader === 'string' ? { userId: reader, roles: this.#access.rolesOf(reader) } : reader;
  }

  #mayRead(reader: Reader | string): boolean {
    if (typeof reader === 'string') return this.#access.user(reader)?.active === true;
    return this.#access.user(reader.userId)?.active !== false;
  }

  #readableIds({ userId, roles }: Reader): string[] {
    const tables = this.#sortedTables();
    if (roles.has(coreAdmin.key)) return tables.map(({ row }) => row.id);
    const effects = new Map<string, TableGrant['effect']>();
    const { user, role } = this.#byGrantee;
    for (const list of [user.get(userId), ...[...roles].map((key) => role.get(key))]) {
      for (const { scope, effect } of list ?? []) {
        const key = scopeKey(scope);
        if (effects.get(key) !== 'deny') effects.set(key, effect);
      }
    }
    return tables.filter((table) => isAllowed(table, effects)).map(({ row }) => row.id);
  }

  #sortedTables(): readonly TableEntry[] {
    this.#sorted ??= [...this.#tables.values()].toSorted((left, right) => (left.row.id < right.row.id ? -1 : 1));
    return this.#sorted;
  }

  #putTable(row: AccessTable): void {
    const before = this.#tables.get(row.id)?.row;
    this.#tables.set(row.id, { row, scopeKeys: scopeKeysOf(row) });
    const same = before?.isPublic === row.isPublic && before.sourceId === row.sourceId && before.bucket === row.bucket;
    if (!same) this.#tablesChanged();
  }

  #dropTable(id: string): void {
    if (this.#tables.delete(id)) this.#tablesChanged();
  }

  #putGrant(row: TableGrant): void {
    this.#dropGrant(row.id);
    this.#grants.set(row.id, row);
    this.#byScope.add(scopeKey(row.scope), row);
    this.#timed.add(row);
    if (this.#timed.counts(row)) this.#count(row);
  }

  #dropGrant(id: string): void {
    const row = this.#grants.get(id);
    if (row === undefined) return;
    if (this.#timed.counts(row)) this.#discount(row);
    this.#grants.delete(id);
    this.#byScope.delete(scopeKey(row.scope), row);
    this.#timed.delete(row);
  }

  /** Comes to the instant at which the access index is. */
  #settle(): void {
    const turned = this.#timed.moveTo(this.#access.instant);
    if (turned.length === 0) return;
    for (const row of turned) {
      if (this.#timed.counts(row)) this.#count(row);
      else this.#discount(row);
    }
    for (const listener of this.#turnListeners) listener();
  }

  #count(row: TableGrant): void {
    this.#byGrantee[row.granteeKind].add(row.granteeId, row);
    this.#grantsChanged(row);
  }

  #discount(row: TableGrant): void {
    this.#byGrantee[row.granteeKind].delete(row.granteeId, row);
    this.#grantsChanged(row);
  }

  /** A grant to a user alters nobody else’s set, and that user’s grants have a new mark, for which no set is kept yet. */
  #grantsChanged({ granteeKind }: TableGrant): void {
    if (granteeKind === 'role') this.#sets.forget();
    this.#version += 1;
  }

  #tablesChanged(): void {
    this.#sets.forget();
    this.#sorted = undefined;
    this.#version += 1;
  }
}

function isAllowed({ row, scopeKeys }: TableEntry, effects: ReadonlyMap<string, TableGrant['effect']>): boolean {
  let allowed = row.isPublic;
  for (const key of scopeKeys) {
    const effect = effects.get(key);
    if (effect === 'deny') return false;
    allowed ||= effect === 'allow';
  }
  return allowed;
}

function isReadBy(reader: Reader, given: { table: TableEntry; grants: readonly TableGrant[] }): boolean {
  if (reader.roles.has(coreAdmin.key)) return true;
  const effects = given.grants.filter((grant) => names(grant, reader)).map(({ effect }) => effect);
  return !effects.includes('deny') && (given.table.row.isPublic || effects.includes('allow'));
}

function names({ granteeKind, granteeId }: TableGrant, { userId, roles }: Reader): boolean {
  return granteeKind === 'user' ? granteeId === userId : roles.has(granteeId);
}

function grantReasons(grants: readonly TableGrant[], effect: TableGrant['effect']): AccessReason[] {
  return grants.filter((grant) => grant.effect === effect).map((grant) => ({ effect, kind: 'grant', grant }));
}

function byAge(left: TableGrant, right: TableGrant): number {
  return left.grantedAt.getTime() - right.grantedAt.getTime() || (left.id < right.id ? -1 : 1);
}
