import type { AccessChange } from '../../src/access/access-change.ts';
import type { GrantScope } from '../../src/sharing/grant-scope.ts';
import type { TableAccessChange } from '../../src/sharing/table-grant.ts';
import { grant, mapping, role, table, tableGrant, timed, user } from './facts.ts';
import type { Random } from './random.ts';

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, position) => `${prefix}${position}`);
}

export const userIds = names('u', 6);
export const roleKeys = ['core.admin', ...names('m.r', 9)];
/** Two that differ in case only: ids are compared character by character. */
export const groupIds = ['g', 'G', ...names('group', 3)];
export const tableIds = names('t', 6);
const sourceIds = names('s', 2);
const buckets = ['', 'b'];

/** Any change of users, roles, role grants, groups and mappings; roles may imply themselves, each other and keys that have no row. */
export function randomAccessChange(random: Random): AccessChange {
  if (random.chance(0.3)) return randomGroupChange(random);
  const kind = random.below(10);
  if (kind < 2) {
    const id = random.pick(userIds);
    if (random.chance(0.25)) return { kind: 'user', op: 'drop', row: { id } };
    const email = `${id}.${random.below(3)}@example.com`;
    return { kind: 'user', op: 'put', row: user(id, { email, active: random.chance(0.8) }) };
  }
  if (kind < 5) {
    const key = random.pick(roleKeys);
    if (random.chance(0.25)) return { kind: 'role', op: 'drop', row: { key } };
    return { kind: 'role', op: 'put', row: role(key, random.some(roleKeys, 0.15)) };
  }
  const id = `g${random.below(20)}`;
  if (random.chance(0.3)) return { kind: 'roleGrant', op: 'drop', row: { id } };
  const given = grant(random.pick(userIds), random.pick(roleKeys), id);
  return { kind: 'roleGrant', op: 'put', row: timed(given, randomPeriod(random)) };
}

/** Somebody's groups as they are now, or a mapping that comes, changes or goes. */
function randomGroupChange(random: Random): AccessChange {
  if (random.chance(0.4)) {
    return {
      kind: 'userGroups',
      op: 'put',
      row: { userId: random.pick(userIds), groupIds: random.some(groupIds, 0.3) },
    };
  }
  const id = `gm${random.below(12)}`;
  if (random.chance(0.3)) return { kind: 'groupMapping', op: 'drop', row: { id } };
  return { kind: 'groupMapping', op: 'put', row: mapping(random.pick(groupIds), random.pick(roleKeys), id) };
}

/** Instants lie between 0 and 100. Some periods are over before they begin. */
function randomPeriod(random: Random): { from?: number; until?: number } {
  return {
    ...(random.chance(0.3) ? { from: random.below(100) } : {}),
    ...(random.chance(0.3) ? { until: random.below(100) } : {}),
  };
}

/** Some time later than `instant`, and once in a while earlier, as when a clock is put right. */
export function randomInstant(random: Random, instant: number): number {
  return random.chance(0.1) ? random.below(instant + 1) : instant + random.below(8);
}

/** Any change of tables and table grants. */
export function randomTableChange(random: Random): TableAccessChange {
  if (random.chance(0.3)) {
    const id = random.pick(tableIds);
    if (random.chance(0.3)) return { kind: 'table', op: 'drop', row: { id } };
    const place = { sourceId: random.pick(sourceIds), bucket: random.pick([null, ...buckets]) };
    return { kind: 'table', op: 'put', row: { ...table(id, random.chance(0.4)), ...place } };
  }
  const id = `tg${random.below(20)}`;
  if (random.chance(0.3)) return { kind: 'tableGrant', op: 'drop', row: { id } };
  const grantee = random.chance(0.4) ? `user:${random.pick(userIds)}` : `role:${random.pick(roleKeys)}`;
  const effect = random.chance(0.3) ? 'deny' : 'allow';
  const given = { ...tableGrant(randomScope(random), grantee, effect), id };
  return { kind: 'tableGrant', op: 'put', row: timed(given, randomPeriod(random)) };
}

function randomScope(random: Random): string | GrantScope {
  const kind = random.below(10);
  if (kind < 5) return random.pick(tableIds);
  const sourceId = random.pick(sourceIds);
  return kind < 8 ? { kind: 'bucket', sourceId, bucket: random.pick(buckets) } : { kind: 'source', sourceId };
}
