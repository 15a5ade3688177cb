import type { AccessChange, AccessSnapshot, AccessUser } from './access-change.ts';
import { RoleCombinations, type RoleCombination } from './role-combinations.ts';
import { invertImplies, pathsFrom } from './role-graph.ts';
import type { RoleGrant } from './role-grant.ts';
import type { Role } from './role.ts';
import { TimedGrants } from './timed-grants.ts';

/** One way in which a user comes to a role: `path` leads from the granted role to it, both included, by `implies`. */
export interface RolePath {
  readonly grant: RoleGrant;
  readonly path: readonly string[];
}

/** A role in effect, with every path to it from every grant that gives it. */
export interface EffectiveRole {
  readonly roleKey: string;
  readonly via: readonly RolePath[];
}

/**
 * Grants may become known before their user, and outlive it; they count only while the user is there and active, and in
 * their period.
 */
interface UserEntry {
  row: AccessUser | undefined;
  readonly grants: RoleGrant[];
  /** Of the roles that count: none while the user is not active. Undefined until somebody asks. */
  combination: RoleCombination | undefined;
}

const noRoles: ReadonlySet<string> = new Set();

/**
 * The one resolver of roles: users, roles and grants in memory, fed with every committed change and with the time. A check
 * is a few look-ups in maps. It keeps the rows it is given, which must not be changed afterwards.
 */
export class AccessIndex {
  readonly #users = new Map<string, UserEntry>();
  readonly #idsByEmail = new Map<string, string>();
  readonly #roles = new Map<string, Role>();
  readonly #grants = new Map<string, RoleGrant>();
  readonly #grantsByRole = new Map<string, Set<RoleGrant>>();
  readonly #combinations = new RoleCombinations(this.#roles);
  readonly #timed = new TimedGrants<RoleGrant>();
  readonly #turnListeners = new Set<() => void>();
  #impliedBy: ReadonlyMap<string, readonly string[]> | undefined;
  #usersByEmail: readonly AccessUser[] | undefined;
  #instant = 0;
  #version = 0;

  /** Rises with each change that may alter the effective roles of anybody. */
  get version(): number {
    return this.#version;
  }

  /** Forgets everything and takes `snapshot` in its place; its ids and keys are unique. */
  replaceAll(snapshot: AccessSnapshot): void {
    for (const entry of this.#users.values()) this.#forgetCombination(entry);
    for (const map of [this.#users, this.#idsByEmail, this.#roles, this.#grants, this.#grantsByRole]) map.clear();
    this.#timed.clear();
    this.#usersByEmail = undefined;
    this.#rolesChanged();
    for (const row of snapshot.roles) this.#putRole(row);
    for (const row of snapshot.users) this.#putUser(row);
    for (const row of snapshot.roleGrants) this.#addGrant(row);
  }

  /** Takes one change in; changes come in the order of their commits. */
  apply(change: AccessChange): void {
    switch (change.kind) {
      case 'user':
        return change.op === 'put' ? this.#putUser(change.row) : this.#dropUser(change.row.id);
      case 'role':
        return change.op === 'put' ? this.#putRole(change.row) : this.#dropRole(change.row.key);
      case 'roleGrant':
        return change.op === 'put' ? this.#putGrant(change.row) : this.#dropGrant(change.row.id);
    }
  }

  /**
   * Lets the grants count that do at `now`, and no others; before the first call none has begun or ended. It compares two
   * numbers, except when one has.
   */
  passTime(now: Date): void {
    this.#instant = now.getTime();
    const turned = this.#timed.moveTo(this.#instant);
    if (turned.length === 0) return;
    for (const { userId } of turned) this.#forgetCombination(this.#entry(userId));
    this.#version += 1;
    for (const listener of this.#turnListeners) listener();
  }

  /** The instant that `passTime` was told last, in milliseconds since the epoch. */
  get instant(): number {
    return this.#instant;
  }

  /** No grant begins or ends by itself before this instant, in milliseconds since the epoch; Infinity when none is going to. */
  get nextTurn(): number {
    return this.#timed.next;
  }

  /** `listener` runs synchronously whenever grants have begun or ended by themselves. Returns how to stop. */
  onTurn(listener: () => void): () => void {
    this.#turnListeners.add(listener);
    return () => void this.#turnListeners.delete(listener);
  }

  user(id: string): AccessUser | undefined {
    return this.#users.get(id)?.row;
  }

  /** Every user, active or not, by e-mail address. */
  users(): readonly AccessUser[] {
    this.#usersByEmail ??= [...this.#users.values()]
      .flatMap(({ row }) => row ?? [])
      .toSorted((left, right) => compare(left.email, right.email));
    return this.#usersByEmail;
  }

  /** The user with this address, in whatever case it is written. */
  userByEmail(email: string): AccessUser | undefined {
    const id = this.#idsByEmail.get(email.toLowerCase());
    return id === undefined ? undefined : this.user(id);
  }

  role(key: string): Role | undefined {
    return this.#roles.get(key);
  }

  /** Every role, sorted by key. */
  roles(): Role[] {
    return [...this.#roles.values()].toSorted((left, right) => compare(left.key, right.key));
  }

  /** Keys of the roles that imply this one directly, sorted. */
  impliedBy(key: string): string[] {
    return [...(this.#inverted().get(key) ?? [])].toSorted();
  }

  /** Effective roles; empty for a user who is unknown or not active. Users with the same direct roles share one set. */
  rolesOf(userId: string): ReadonlySet<string> {
    const entry = this.#users.get(userId);
    if (entry === undefined) return noRoles;
    const combination = entry.combination ?? this.#combine(entry);
    return combination.effective ?? this.#combinations.expand(combination);
  }

  /** Whether the role is among the user's effective roles. */
  hasRole(userId: string, key: string): boolean {
    return this.rolesOf(userId).has(key);
  }

  /** Effective roles sorted by key, each with every grant that gives it and every path from there, shortest first. */
  effectiveRoles(userId: string): EffectiveRole[] {
    if (!this.user(userId)?.active) return [];
    const found = new Map<string, RolePath[]>();
    for (const grant of this.grantsOf(userId).filter((held) => this.#timed.counts(held))) {
      for (const [key, paths] of pathsFrom(this.#roles, grant.roleKey)) {
        const via = found.get(key) ?? [];
        found.set(key, [...via, ...paths.map((path) => ({ grant, path }))]);
      }
    }
    return [...found]
      .map(([roleKey, via]) => ({ roleKey, via }))
      .toSorted((left, right) => compare(left.roleKey, right.roleKey));
  }

  grant(id: string): RoleGrant | undefined {
    return this.#grants.get(id);
  }

  /** The user's grants, whether they are in effect or not, sorted by role key and id. */
  grantsOf(userId: string): RoleGrant[] {
    return (this.#users.get(userId)?.grants ?? []).toSorted(
      (left, right) => compare(left.roleKey, right.roleKey) || compare(left.id, right.id),
    );
  }

  /** All grants of exactly this role, whether they are in effect or not, and not of those that imply it. */
  grantsByRole(key: string): RoleGrant[] {
    return [...(this.#grantsByRole.get(key) ?? [])];
  }

  grantCount(key: string): number {
    return this.#grantsByRole.get(key)?.size ?? 0;
  }

  /** How many active users have this role in effect, by whatever path. */
  activeHolders(key: string): number {
    return new Set(this.#countingGrants(key).map(({ userId }) => userId)).size;
  }

  /** How many of the active holders have a grant without an end for it. */
  lastingHolders(key: string): number {
    const lasting = this.#countingGrants(key).filter(({ expiresAt }) => expiresAt === null);
    return new Set(lasting.map(({ userId }) => userId)).size;
  }

  /** The grants that give `key` to somebody active, by whatever path. */
  #countingGrants(key: string): RoleGrant[] {
    if (!this.#roles.has(key)) return [];
    return [...this.#givers(key)]
      .flatMap((giver) => this.grantsByRole(giver))
      .filter((grant) => this.#timed.counts(grant) && this.user(grant.userId)?.active);
  }

  /** The roles that give `key`: itself and all that imply it, transitively. */
  #givers(key: string): Set<string> {
    const givers = new Set([key]);
    for (const giver of givers) for (const holder of this.#inverted().get(giver) ?? []) givers.add(holder);
    return givers;
  }

  #inverted(): ReadonlyMap<string, readonly string[]> {
    this.#impliedBy ??= invertImplies(this.#roles);
    return this.#impliedBy;
  }

  #putUser(row: AccessUser): void {
    const entry = this.#entry(row.id);
    const before = entry.row;
    if (before) this.#forgetEmail(before);
    this.#idsByEmail.set(row.email.toLowerCase(), row.id);
    entry.row = row;
    this.#usersByEmail = undefined;
    if (before?.active === row.active) return;
    this.#forgetCombination(entry);
    this.#version += 1;
  }

  #dropUser(id: string): void {
    const entry = this.#users.get(id);
    if (!entry?.row) return;
    this.#forgetEmail(entry.row);
    entry.row = undefined;
    this.#usersByEmail = undefined;
    this.#forgetCombination(entry);
    this.#forgetIfEmpty(id, entry);
    this.#version += 1;
  }

  #forgetEmail(row: AccessUser): void {
    const email = row.email.toLowerCase();
    if (this.#idsByEmail.get(email) === row.id) this.#idsByEmail.delete(email);
  }

  #putRole(row: Role): void {
    const before = this.#roles.get(row.key);
    this.#roles.set(row.key, row);
    if (before === undefined || !sameKeys(before.implies, row.implies)) this.#rolesChanged();
  }

  #dropRole(key: string): void {
    if (this.#roles.delete(key)) this.#rolesChanged();
  }

  #rolesChanged(): void {
    this.#combinations.forgetExpansions();
    this.#impliedBy = undefined;
    this.#version += 1;
  }

  #putGrant(row: RoleGrant): void {
    this.#dropGrant(row.id);
    this.#addGrant(row);
  }

  #addGrant(row: RoleGrant): void {
    this.#grants.set(row.id, row);
    this.#timed.add(row);
    const entry = this.#entry(row.userId);
    entry.grants.push(row);
    this.#forgetCombination(entry);
    const ofRole = this.#grantsByRole.get(row.roleKey);
    if (ofRole) ofRole.add(row);
    else this.#grantsByRole.set(row.roleKey, new Set([row]));
    this.#version += 1;
  }

  #dropGrant(id: string): void {
    const row = this.#grants.get(id);
    if (row === undefined) return;
    this.#grants.delete(id);
    this.#timed.delete(row);
    const entry = this.#entry(row.userId);
    entry.grants.splice(entry.grants.indexOf(row), 1);
    this.#forgetCombination(entry);
    this.#forgetIfEmpty(row.userId, entry);
    const ofRole = this.#grantsByRole.get(row.roleKey);
    ofRole?.delete(row);
    if (ofRole?.size === 0) this.#grantsByRole.delete(row.roleKey);
    this.#version += 1;
  }

  #entry(userId: string): UserEntry {
    const known = this.#users.get(userId);
    if (known) return known;
    const entry: UserEntry = { row: undefined, grants: [], combination: undefined };
    this.#users.set(userId, entry);
    return entry;
  }

  #forgetIfEmpty(userId: string, entry: UserEntry): void {
    if (entry.row === undefined && entry.grants.length === 0) this.#users.delete(userId);
  }

  #combine(entry: UserEntry): RoleCombination {
    const counting = entry.row?.active ? entry.grants.filter((grant) => this.#timed.counts(grant)) : [];
    entry.combination = this.#combinations.take(counting.map((grant) => grant.roleKey));
    return entry.combination;
  }

  #forgetCombination(entry: UserEntry): void {
    if (entry.combination) this.#combinations.release(entry.combination);
    entry.combination = undefined;
  }
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function sameKeys(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((key, position) => key === right[position]);
}
