import { findCycles } from '../access/role-graph.ts';
import { isRoleKey, ownerModuleOf } from '../access/role.ts';
import type { RoleGrantSource } from '../access/role-grant.ts';
import { newId } from '../kernel/ids.ts';
import type { OldRow } from './old-row.ts';
import { allRowsOf, firstTimes, rowsOf, rolesStandInUsers, type Upgrade } from './upgrade.ts';

/** Who is named as the maker of what the predecessor did not say who made. */
export const predecessor = 'predecessor';

const grantSources: ReadonlySet<string> = new Set<RoleGrantSource>(['direct', 'auto-seed', 'system']);

interface OldRole {
  row: OldRow;
  key: string;
  implies: string[];
}

/** Takes over roles, who has them, and the groups that bring them: by the roles' keys. */
export async function takeRoles(upgrade: Upgrade, users: readonly OldRow[]): Promise<void> {
  const keysById = await takeRoleRows(upgrade);
  const given = await takeGrants(upgrade, keysById);
  if (rolesStandInUsers(upgrade)) await deriveGrants(upgrade, { users, given });
  await takeMappings(upgrade, keysById);
  warnOfRoleless(upgrade, given);
}

/** The keys of the roles by their ids there. */
async function takeRoleRows(upgrade: Upgrade): Promise<Map<string, string>> {
  const { ledger, settings, roleKeys, at } = upgrade;
  const keysById = new Map<string, string>();
  const found: OldRole[] = [];
  const isFirst = firstTimes();
  for (const row of await allRowsOf(upgrade, 'internal_roles')) {
    const [id, key] = [row.text('id'), row.text('key')?.trim() ?? ''];
    if (settings.definedRoles.has(key)) {
      keysById.set(id ?? '', key);
      ledger.knew(row);
    } else if (!isRoleKey(key)) {
      await ledger.left(row, { key: id ?? 'no id', reason: 'its key is none' });
    } else if (!isFirst(key)) {
      keysById.set(id ?? '', key);
      await ledger.left(row, { key, reason: 'another role has the same key' });
    } else {
      keysById.set(id ?? '', key);
      roleKeys.add(key);
      found.push({ row, key, implies: row.texts('implies') });
    }
  }
  await settleImplies(upgrade, found);
  for (const { row, key, implies } of found) {
    row.text('id');
    row.boolean('is_core');
    const owner = row.text('owner_module');
    if (owner !== ownerModuleOf(key)) row.giveBack('owner_module');
    await ledger.put('roles', {
      key,
      display_name: row.text('display_name') ?? key,
      description: row.text('description') ?? '',
      owner_module: ownerModuleOf(key),
      is_core: false,
      implies: JSON.stringify(implies.toSorted()),
      created_at: row.instant('created_at') ?? at,
      updated_at: row.instant('updated_at') ?? at,
      created_by: predecessor,
    });
    await ledger.took(row, key);
  }
  return keysById;
}

/** Leaves out what is implied and is no role, and what would make roles imply each other in a circle. */
async function settleImplies({ ledger, roleKeys }: Upgrade, found: readonly OldRole[]): Promise<void> {
  for (const role of found) {
    const unknown = role.implies.filter((key) => !roleKeys.has(key));
    if (unknown.length > 0) {
      ledger.warn(`The role ${role.key} implied ${unknown.join(', ')}, which no row defines; that was left out.`);
    }
    role.implies = [...new Set(role.implies)].filter((key) => roleKeys.has(key) && key !== role.key);
  }
  const graph = new Map(found.map((role) => [role.key, role]));
  for (let [cycle] = findCycles(graph); cycle; [cycle] = findCycles(graph)) {
    const [holder = '', implied = ''] = cycle.slice(-2);
    const role = graph.get(holder)!;
    role.implies = role.implies.filter((key) => key !== implied);
    ledger.warn(`Roles implied each other in a circle (${cycle.join(' → ')}); ${holder} implies ${implied} no more.`);
  }
}

/** The roles that each user was given. */
async function takeGrants(upgrade: Upgrade, keysById: ReadonlyMap<string, string>): Promise<Map<string, Set<string>>> {
  const { ledger, users, at } = upgrade;
  const given = new Map<string, Set<string>>();
  const isFirst = firstTimes();
  for await (const row of rowsOf(upgrade, 'user_role_grants')) {
    const [id, userId] = [row.text('id') ?? newId(), row.text('user_id') ?? ''];
    const roleKey = keysById.get(row.text('internal_role_id') ?? '');
    const source = row.text('source') ?? 'direct';
    const reason =
      (!users.has(userId) && `there is no user ${userId}`) ||
      (!roleKey && 'there is no such role') ||
      (!isFirst(id) && 'another grant has the same id') ||
      (!give(given, { userId, roleKey: roleKey! }) && 'the user was given the role already');
    if (reason) {
      await ledger.left(row, { key: id, reason });
      continue;
    }
    if (!grantSources.has(source)) row.giveBack('source');
    await ledger.put('role_grants', {
      id,
      user_id: userId,
      role_key: roleKey!,
      source: grantSources.has(source) ? (source as RoleGrantSource) : 'direct',
      granted_by: row.text('granted_by'),
      granted_at: row.instant('granted_at') ?? at,
      starts_at: null,
      expires_at: null,
    });
    await ledger.took(row, id);
  }
  return given;
}

function give(given: Map<string, Set<string>>, { userId, roleKey }: { userId: string; roleKey: string }): boolean {
  const roles = given.get(userId) ?? new Set();
  given.set(userId, roles);
  if (roles.has(roleKey)) return false;
  roles.add(roleKey);
  return true;
}

/** Before version 9 a column of `users` said the role; every word that was not known there meant the least one. */
async function deriveGrants(
  upgrade: Upgrade,
  { users, given }: { users: readonly OldRow[]; given: Map<string, Set<string>> },
): Promise<void> {
  const { ledger, at } = upgrade;
  for (const row of users) {
    const userId = row.text('id') ?? '';
    const role = row.text('role');
    if (role === null || !upgrade.users.has(userId)) continue;
    const known = ['viewer', 'analyst', 'km_admin', 'admin'].includes(role);
    const roleKey = `core.${known ? role : 'viewer'}`;
    if (!known) ledger.warn(`${userId} had the role ${JSON.stringify(role)}, which is none, and is a viewer now.`);
    if (!give(given, { userId, roleKey })) continue;
    await ledger.put('role_grants', {
      id: newId(),
      user_id: userId,
      role_key: roleKey,
      source: 'auto-seed',
      granted_by: 'system:v9-backfill',
      granted_at: at,
      starts_at: null,
      expires_at: null,
    });
  }
}

async function takeMappings(upgrade: Upgrade, keysById: ReadonlyMap<string, string>): Promise<void> {
  const { ledger, at } = upgrade;
  const [isFirstId, isFirst] = [firstTimes(), firstTimes()];
  for await (const row of rowsOf(upgrade, 'group_mappings')) {
    const [id, group] = [row.text('id') ?? newId(), row.text('external_group_id')];
    const roleKey = keysById.get(row.text('internal_role_id') ?? '');
    const reason =
      (!roleKey && 'there is no such role') ||
      (group === null && 'it names no group') ||
      (!isFirstId(id) && 'another mapping has the same id') ||
      (!isFirst(JSON.stringify([group, roleKey])) && 'the group is mapped to the role already');
    if (reason) {
      await ledger.left(row, { key: id, reason });
      continue;
    }
    await ledger.put('group_mappings', {
      id,
      external_group_id: group!,
      role_key: roleKey!,
      assigned_by: row.text('assigned_by'),
      assigned_at: row.instant('assigned_at') ?? at,
    });
    await ledger.took(row, id);
  }
}

function warnOfRoleless({ ledger, users }: Upgrade, given: ReadonlyMap<string, ReadonlySet<string>>): void {
  const without = [...users.values()].filter(({ id, active }) => active && !given.has(id));
  if (without.length === 0) return;
  const named = without.slice(0, 20).map(({ email }) => email);
  ledger.warn(
    `Active users without any role (${without.length}), as before, read nothing here, while public tables were open to them there; ` +
      `grant core.viewer to whom it should stay open: ${named.join(', ')}${without.length > named.length ? ', …' : ''}.`,
  );
}
