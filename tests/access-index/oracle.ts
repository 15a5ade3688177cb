import type { AccessChange, AccessUser } from '../../src/access/access-change.ts';
import type { GroupMapping } from '../../src/access/group-mapping.ts';
import type { GrantPeriod, RoleGrant } from '../../src/access/role-grant.ts';
import type { Role } from '../../src/access/role.ts';
import type { GroupsOfUser } from '../../src/people/external-group.ts';
import type { AccessTable, TableAccessChange, TableGrant } from '../../src/sharing/table-grant.ts';

/** All facts as plain lists; the answers are worked out anew for each question, in the slowest and plainest way. */
export class Facts {
  users: AccessUser[] = [];
  roles: Role[] = [];
  roleGrants: RoleGrant[] = [];
  userGroups: GroupsOfUser[] = [];
  groupMappings: GroupMapping[] = [];
  tables: AccessTable[] = [];
  tableGrants: TableGrant[] = [];
  /** In milliseconds since the epoch. */
  instant = 0;

  apply(change: AccessChange | TableAccessChange): void {
    if (change.kind === 'user') this.users = changed(this.users, change, (row) => row.id);
    else if (change.kind === 'role') this.roles = changed(this.roles, change, (row) => row.key);
    else if (change.kind === 'roleGrant') this.roleGrants = changed(this.roleGrants, change, (row) => row.id);
    else if (change.kind === 'userGroups') this.userGroups = changed(this.userGroups, change, (row) => row.userId);
    else if (change.kind === 'groupMapping') this.groupMappings = changed(this.groupMappings, change, (row) => row.id);
    else if (change.kind === 'table') this.tables = changed(this.tables, change, (row) => row.id);
    else this.tableGrants = changed(this.tableGrants, change, (row) => row.id);
  }

  isActive(userId: string): boolean {
    return this.users.some((user) => user.id === userId && user.active);
  }

  rolesOf(userId: string): string[] {
    if (!this.isActive(userId)) return [];
    const given = [...this.countingGrants(userId), ...this.mappingsOf(userId)];
    return this.closure(given.map(({ roleKey }) => roleKey));
  }

  countingGrants(userId: string): RoleGrant[] {
    return this.roleGrants.filter((grant) => grant.userId === userId && this.counts(grant));
  }

  counts({ startsAt, expiresAt }: GrantPeriod): boolean {
    if (startsAt !== null && startsAt.getTime() > this.instant) return false;
    return expiresAt === null || expiresAt.getTime() > this.instant;
  }

  groupsOf(userId: string): readonly string[] {
    return this.userGroups.find((row) => row.userId === userId)?.groupIds ?? [];
  }

  mappingsOf(userId: string): GroupMapping[] {
    return this.groupMappings.filter(({ externalGroupId }) => this.groupsOf(userId).includes(externalGroupId));
  }

  /** Whether somebody has the role by a grant that has no end. */
  hasLasting(userId: string, roleKey: string): boolean {
    if (!this.isActive(userId)) return false;
    const lasting = this.countingGrants(userId).filter(({ expiresAt }) => expiresAt === null);
    return this.closure(lasting.map((grant) => grant.roleKey)).includes(roleKey);
  }

  /** Applies "who holds a role holds what it implies" until nothing is added. */
  closure(keys: readonly string[]): string[] {
    let held = keys;
    for (;;) {
      const more = this.roles.filter((role) => held.includes(role.key)).flatMap((role) => [role.key, ...role.implies]);
      const next = [...new Set(more)].filter((key) => this.roles.some((role) => role.key === key)).toSorted();
      if (next.length === held.length && next.every((key, position) => key === held[position])) return next;
      held = next;
    }
  }

  /** Every path without repetition that begins with `path` and ends with `to`. */
  pathsTo(to: string, path: readonly string[]): (readonly string[])[] {
    const role = this.roles.find(({ key }) => key === path.at(-1));
    if (!role) return [];
    if (role.key === to) return [path];
    const next = [...new Set(role.implies)].filter((key) => !path.includes(key));
    return next.flatMap((key) => this.pathsTo(to, [...path, key]));
  }

  canRead(userId: string, tableId: string): boolean {
    const table = this.tables.find(({ id }) => id === tableId);
    if (!table || !this.isActive(userId)) return false;
    const roles = this.rolesOf(userId);
    if (roles.includes('core.admin')) return true;
    const effects = this.tableGrants
      .filter((grant) => this.counts(grant) && covers(grant, table))
      .filter((grant) => (grant.granteeKind === 'user' ? grant.granteeId === userId : roles.includes(grant.granteeId)))
      .map((grant) => grant.effect);
    return !effects.includes('deny') && (effects.includes('allow') || table.isPublic);
  }
}

function covers({ scope }: TableGrant, table: AccessTable): boolean {
  if (scope.kind === 'table') return scope.tableId === table.id;
  if (scope.sourceId !== table.sourceId) return false;
  return scope.kind === 'source' || scope.bucket === table.bucket;
}

function changed<Row extends object>(
  rows: Row[],
  change: { op: 'put'; row: Row } | { op: 'drop'; row: Partial<Row> },
  identify: (row: Partial<Row>) => unknown,
): Row[] {
  const rest = rows.filter((row) => identify(row) !== identify(change.row));
  return change.op === 'put' ? [...rest, change.row] : rest;
}
