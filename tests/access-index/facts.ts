import type { AccessUser } from '../../src/access/access-change.ts';
import type { GroupMapping } from '../../src/access/group-mapping.ts';
import type { GrantPeriod, RoleGrant } from '../../src/access/role-grant.ts';
import { ownerModuleOf, type Role, type RoleDefinition } from '../../src/access/role.ts';
import { scopeKey, type GrantScope } from '../../src/sharing/grant-scope.ts';
import type { AccessTable, TableGrant } from '../../src/sharing/table-grant.ts';

export function user(id: string, changes: Partial<AccessUser> = {}): AccessUser {
  return { id, email: `${id}@example.com`, active: true, ...changes };
}

export function role(key: string, implies: readonly string[] = []): Role {
  return { key, displayName: key, description: '', ownerModule: ownerModuleOf(key), isCore: false, implies };
}

export function definition(key: string, changes: Partial<RoleDefinition> = {}): RoleDefinition {
  return { key, displayName: key, description: '', implies: [], impliedBy: [], ...changes };
}

export function grant(userId: string, roleKey: string, id = `${userId}:${roleKey}`): RoleGrant {
  const grantedAt = new Date('2026-01-01T00:00:00Z');
  return { id, userId, roleKey, source: 'direct', grantedBy: 'system', grantedAt, startsAt: null, expiresAt: null };
}

/** The grant as one that counts from one instant until another, both in milliseconds since the epoch. */
export function timed<Grant extends GrantPeriod>(given: Grant, period: { from?: number; until?: number }): Grant {
  const dated: GrantPeriod = {
    startsAt: period.from === undefined ? null : new Date(period.from),
    expiresAt: period.until === undefined ? null : new Date(period.until),
  };
  return { ...given, ...dated };
}

export function mapping(externalGroupId: string, roleKey: string, id = `${externalGroupId}:${roleKey}`): GroupMapping {
  return { id, externalGroupId, roleKey, assignedBy: 'system', assignedAt: new Date('2026-01-01T00:00:00Z') };
}

export function table(id: string, isPublic = false): AccessTable {
  return { id, sourceId: 'files', bucket: null, isPublic };
}

/** `on` is a table's id or a wider scope; `grantee` is `user:<id>` or `role:<key>`. */
export function tableGrant(
  on: string | GrantScope,
  grantee: string,
  effect: TableGrant['effect'] = 'allow',
): TableGrant {
  const [granteeKind, granteeId] = grantee.split(':') as ['user' | 'role', string];
  const scope: GrantScope = typeof on === 'string' ? { kind: 'table', tableId: on } : on;
  const id = `${effect}:${typeof on === 'string' ? on : scopeKey(on)}:${grantee}`;
  const given = { grantedBy: 'system', grantedAt: new Date('2026-01-01T00:00:00Z'), startsAt: null, expiresAt: null };
  return { id, scope, granteeKind, granteeId, effect, ...given };
}
