import type { AccessSnapshot } from '../../src/access/access-change.ts';
import type { RoleGrant } from '../../src/access/role-grant.ts';
import type { Role } from '../../src/access/role.ts';
import type { TableAccessSnapshot, TableGrant } from '../../src/sharing/table-grant.ts';

const userCount = 100_000;
const roleCount = 10_000;
const roleDepth = 20;
const grantCount = 1_000_000;
const tableCount = 1_000;
const tableGrantCount = 20_000;

/** A repeatable sequence of integers from 0 to `limit - 1`. */
export function sequence(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
}

function id(kind: number, number: number): string {
  return `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

export const userIds = Array.from({ length: userCount }, (_, number) => id(1, number));
export const tableIds = Array.from({ length: tableCount }, (_, number) => id(2, number));
/** In chains of 20: each role implies the next one, the last of a chain nothing. */
export const roleKeys = Array.from({ length: roleCount }, (_, number) => {
  const chain = Math.floor(number / roleDepth);
  return `module_${chain}.role_${number % roleDepth}`;
});

/** 100,000 users with ten different direct roles each out of 10,000, so that hardly two users hold the same ones. */
export function accessFacts(): AccessSnapshot & { roleGrants: RoleGrant[] } {
  const below = sequence(1);
  const users = userIds.map((userId, number) => ({ id: userId, email: `user${number}@example.com`, active: true }));
  const roles = roleKeys.map((key, number): Role => {
    const implies = number % roleDepth === roleDepth - 1 ? [] : [roleKeys[number + 1] as string];
    return { key, displayName: key, description: '', ownerModule: key, isCore: false, implies };
  });
  const stride = 997;
  const roleGrants = Array.from({ length: grantCount }, (_, number): RoleGrant => {
    const userId = userIds[number % userCount] as string;
    const roleKey = roleKeys[(below(roleCount) + Math.floor(number / userCount) * stride) % roleCount] as string;
    return {
      id: id(3, number),
      userId,
      roleKey,
      source: 'direct',
      grantedBy: 'system',
      grantedAt: new Date(number),
      startsAt: null,
      expiresAt: null,
    };
  });
  return { users, roles, roleGrants, userGroups: [], groupMappings: [] };
}

/** 1,000 tables, one in ten public, with 20,000 grants to roles and users, one in twenty of them denying. */
export function tableFacts(): TableAccessSnapshot {
  const below = sequence(2);
  const tables = tableIds.map((tableId, number) => ({
    id: tableId,
    sourceId: 'files',
    bucket: null,
    isPublic: number % 10 === 0,
  }));
  const tableGrants = Array.from({ length: tableGrantCount }, (_, number): TableGrant => {
    const toUser = number % 4 === 0;
    return {
      id: id(4, number),
      scope: { kind: 'table', tableId: tableIds[below(tableCount)] as string },
      granteeKind: toUser ? 'user' : 'role',
      granteeId: (toUser ? userIds[below(userCount)] : roleKeys[below(roleCount)]) as string,
      effect: number % 20 === 0 ? 'deny' : 'allow',
      startsAt: null,
      expiresAt: null,
      grantedBy: 'system',
      grantedAt: new Date(number),
    };
  });
  return { tables, tableGrants };
}
