import type { GroupsOfUser } from '../people/external-group.ts';
import type { AccessChange, AccessSnapshot, AccessUser } from './access-change.ts';
import { traceRoles, type EffectiveRole, type RoleOrigin } from './effective-role.ts';
import { GrantLedger } from './grant-ledger.ts';
import type { GroupMapping } from './group-mapping.ts';
import { HeldRoles } from './held-roles.ts';
import { countActiveHolders, countLastingHolders, type AccessRooms } from './holders.ts';
import { MappedGroups, type KnownGroup } from './mapped-groups.ts';
import { RoleCatalog } from './role-catalog.ts';
import type { RoleGrant } from './role-grant.ts';
import { expandRoles } from './role-graph.ts';
import type { Role } from './role.ts';
import { UserDirectory } from './user-directory.ts';

const noRoles: ReadonlySet<string> = new Set();

/**
 * The one resolver of roles: users, roles, grants, groups and mappings in memory, fed with every committed change and with
 * the time. A check is a few look-ups in maps. It keeps the rows it is given, which must not be changed afterwards. What
 * gives a role to a user may become known before the user, and outlive it; it counts only while the user is there and active.
 */
export class AccessIndex {
  readonly #users = new UserDirectory();
  readonly #roles = new RoleCatalog();
  readonly #grants = new GrantLedger();
  readonly #groups = new MappedGroups();
  readonly #rooms: AccessRooms = { users: this.#users, roles: this.#roles, grants: this.#grants, groups: this.#groups };
  readonly #held = new HeldRoles(this.#roles.graph);
  readonly #turnListeners = new Set<() => void>();
  #instant = 0;
  #version = 0;

  /** Rises with each change that may alter the effective roles of anybody. */
  get version(): number {
    return this.#version;
  }

  /** Forgets everything and takes `snapshot` in its place; its ids and keys are unique. */
  replaceAll(snapshot: AccessSnapshot): void {
    this.#held.forgetEverybody();
    for (const room of Object.values(this.#rooms)) room.clear();
    this.#rolesChanged();
    for (const row of snapshot.roles) this.#roles.put(row);
    for (const row of snapshot.users) this.#users.put(row);
    for (const row of snapshot.roleGrants) this.#grants.add(row);
    for (const row of snapshot.userGroups) this.#groups.putGroupsOf(row);
    for (const row of snapshot.groupMappings) this.#groups.addMapping(row);
  }

  /** Takes one change in; changes come in the order of their commits. */
  apply(change: AccessChange): void {
    switch (change.kind) {
      case 'user':
        return this.#applyUser(change);
      case 'role': {
        const altered = change.op === 'put' ? this.#roles.put(change.row) : this.#roles.drop(change.row.key);
        return altered ? this.#rolesChanged() : undefined;
      }
      case 'roleGrant':
        return this.#applyGrant(change);
      case 'userGroups':
        return this.#putGroups(change.row);
      case 'groupMapping':
        return this.#applyMapping(change);
    }
  }

  /**
   * Lets the grants count that do at `now`, and no others; before the first call none has begun or ended. It compares two
   * numbers, except when one has.
   */
  passTime(now: Date): void {
    this.#instant = now.getTime();
    const turned = this.#grants.moveTo(this.#instant);
    if (turned.length === 0) return;
    this.#changed(turned.map(({ userId }) => userId));
    for (const listener of this.#turnListeners) listener();
  }

  /** The instant that `passTime` was told last, in milliseconds since the epoch. */
  get instant(): number {
    return this.#instant;
  }

  /** No grant begins or ends by itself before this instant, in milliseconds since the epoch; Infinity when none is going to. */
  get nextTurn(): number {
    return this.#grants.nextTurn;
  }

  /** `listener` runs synchronously whenever grants have begun or ended by themselves. Returns how to stop. */
  onTurn(listener: () => void): () => void {
    this.#turnListeners.add(listener);
    return () => void this.#turnListeners.delete(listener);
  }

  user(id: string): AccessUser | undefined {
    return this.#users.get(id);
  }

  /** Every user, active or not, by e-mail address. */
  users(): readonly AccessUser[] {
    return this.#users.all();
  }

  /** The user with this address, in whatever case it is written. */
  userByEmail(email: string): AccessUser | undefined {
    return this.#users.getByEmail(email);
  }

  role(key: string): Role | undefined {
    return this.#roles.get(key);
  }

  /** Every role, sorted by key. */
  roles(): Role[] {
    return this.#roles.all();
  }

  /** Keys of the roles that imply this one directly, sorted. */
  impliedBy(key: string): string[] {
    return this.#roles.impliedBy(key);
  }

  /** Effective roles; empty for a user who is unknown or not active. Users with the same direct and mapped roles share one set. */
  rolesOf(userId: string): ReadonlySet<string> {
    return this.#held.get(userId) ?? this.#resolve(userId);
  }

  /** These roles with everything that they imply now; keys that no role has are left out or imply nothing. */
  expand(keys: Iterable<string>): ReadonlySet<string> {
    return expandRoles(this.#roles.graph, keys);
  }

  /** Whether the role is among the user's effective roles. */
  hasRole(userId: string, key: string): boolean {
    return this.rolesOf(userId).has(key);
  }

  /** Effective roles sorted by key, each with every path to it: first from grants, then from mappings, of each shortest first. */
  effectiveRoles(userId: string): EffectiveRole[] {
    if (!this.#users.isActive(userId)) return [];
    const grants = this.#grants.ofUser(userId).filter((held) => this.#grants.counts(held));
    const origins: RoleOrigin[] = [
      ...grants.map((grant) => ({ grant, mapping: null })),
      ...this.#groups.mappingsOf(userId).map((mapping) => ({ grant: null, mapping })),
    ];
    return traceRoles(this.#roles.graph, origins);
  }

  grant(id: string): RoleGrant | undefined {
    return this.#grants.get(id);
  }

  /** The user's grants, whether they are in effect or not, sorted by role key and id. */
  grantsOf(userId: string): RoleGrant[] {
    return this.#grants.ofUser(userId);
  }

  /** All grants of exactly this role, whether they are in effect or not, and not of those that imply it. */
  grantsByRole(key: string): RoleGrant[] {
    return this.#grants.ofRole(key);
  }

  grantCount(key: string): number {
    return this.#grants.countOfRole(key);
  }

  /** Every mapping, sorted by group and role key. */
  groupMappings(): GroupMapping[] {
    return this.#groups.mappings();
  }

  /** How many groups are mapped to exactly this role. */
  mappingCount(key: string): number {
    return this.#groups.countTo(key);
  }

  /** Every group that somebody is in or that is mapped, sorted by id. */
  knownGroups(): KnownGroup[] {
    return this.#groups.known();
  }

  /** How many active users have this role in effect, by whatever path. */
  activeHolders(key: string): number {
    return countActiveHolders(this.#rooms, key);
  }

  /** How many of the active holders have a grant without an end for it; who has it by a group only is not counted. */
  lastingHolders(key: string): number {
    return countLastingHolders(this.#rooms, key);
  }

  #applyUser(change: Extract<AccessChange, { kind: 'user' }>): void {
    const altered = change.op === 'put' ? this.#users.put(change.row) : this.#users.drop(change.row.id);
    if (altered) this.#changed([change.row.id]);
  }

  #applyGrant(change: Extract<AccessChange, { kind: 'roleGrant' }>): void {
    const before = this.#grants.drop(change.row.id);
    if (before) this.#changed([before.userId]);
    if (change.op === 'drop') return;
    this.#grants.add(change.row);
    this.#changed([change.row.userId]);
  }

  #putGroups(row: GroupsOfUser): void {
    this.#groups.putGroupsOf(row);
    this.#changed([row.userId]);
  }

  #applyMapping(change: Extract<AccessChange, { kind: 'groupMapping' }>): void {
    const before = this.#groups.dropMapping(change.row.id);
    if (before) this.#changed(this.#groups.membersOf(before.externalGroupId));
    if (change.op === 'drop') return;
    this.#groups.addMapping(change.row);
    this.#changed(this.#groups.membersOf(change.row.externalGroupId));
  }

  #rolesChanged(): void {
    this.#held.forgetExpansions();
    this.#version += 1;
  }

  #changed(userIds: Iterable<string>): void {
    for (const userId of userIds) this.#held.forget(userId);
    this.#version += 1;
  }

  #resolve(userId: string): ReadonlySet<string> {
    if (!this.#users.isActive(userId)) return noRoles;
    const given = [...this.#grants.countingOfUser(userId), ...this.#groups.mappingsOf(userId)];
    return this.#held.keep(
      userId,
      given.map(({ roleKey }) => roleKey),
    );
  }
}
