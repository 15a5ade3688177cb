import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { ExternalGroup, GroupsOfUser } from './external-group.ts';

declare module '../store/database.ts' {
  interface Database {
    external_groups: ExternalGroupsTable;
    external_group_members: ExternalGroupMembersTable;
  }
}

interface ExternalGroupsTable {
  id: string;
  name: string;
}

interface ExternalGroupMembersTable {
  user_id: string;
  provider: string;
  group_id: string;
  named_at: Date;
}

/** Whose memberships by which provider. */
export interface NamedBy {
  readonly userId: string;
  readonly provider: string;
}

const idsPerStatement = 500;

/** Stores groups that are new, and the new name of those that have another one now. */
export async function upsertExternalGroups(tx: WriteTransaction, groups: readonly ExternalGroup[]): Promise<void> {
  const ids = groups.map(({ id }) => id);
  const known = new Map((await selectExternalGroups(tx.db, ids)).map(({ id, name }) => [id, name]));
  for (const { id, name } of groups) {
    if (!known.has(id)) await tx.db.insertInto('external_groups').values({ id, name }).execute();
    else if (known.get(id) !== name) {
      await tx.db.updateTable('external_groups').set({ name }).where('id', '=', id).execute();
    }
  }
}

/** The groups with these ids, in no particular order; unknown ids are left out. */
export async function selectExternalGroups(db: Kysely<Database>, ids: readonly string[]): Promise<ExternalGroup[]> {
  const found: ExternalGroup[] = [];
  for (let start = 0; start < ids.length; start += idsPerStatement) {
    const some = ids.slice(start, start + idsPerStatement);
    found.push(...(await db.selectFrom('external_groups').selectAll().where('id', 'in', some).execute()));
  }
  return found;
}

/** The ids of the groups in which this provider names the user. */
export async function selectNamedGroups(db: Kysely<Database>, by: NamedBy): Promise<string[]> {
  const rows = await db
    .selectFrom('external_group_members')
    .select('group_id')
    .where('user_id', '=', by.userId)
    .where('provider', '=', by.provider)
    .execute();
  return rows.map((row) => row.group_id);
}

/** Makes these the groups in which the provider names the user; what stays is dated anew, because DuckDB cannot insert a key again. */
export async function writeNamedGroups(
  tx: WriteTransaction,
  given: NamedBy & { before: readonly string[]; now: readonly string[] },
): Promise<void> {
  const { userId, provider } = given;
  const gone = given.before.filter((id) => !given.now.includes(id));
  const added = given.now.filter((id) => !given.before.includes(id));
  if (gone.length > 0) {
    await tx.db
      .deleteFrom('external_group_members')
      .where('user_id', '=', userId)
      .where('provider', '=', provider)
      .where('group_id', 'in', gone)
      .execute();
  }
  await tx.db
    .updateTable('external_group_members')
    .set({ named_at: tx.at })
    .where('user_id', '=', userId)
    .where('provider', '=', provider)
    .execute();
  for (const groupId of added) {
    const row = { user_id: userId, provider, group_id: groupId, named_at: tx.at };
    await tx.db.insertInto('external_group_members').values(row).execute();
  }
  if (gone.length + added.length > 0) await emitGroupsOf(tx, userId);
}

/** Removes every membership of this user and tells the indexes; resolves to how many there were. */
export async function deleteMembershipsOf(tx: WriteTransaction, userId: string): Promise<number> {
  const rows = await tx.db.deleteFrom('external_group_members').where('user_id', '=', userId).returningAll().execute();
  if (rows.length > 0) await emitGroupsOf(tx, userId);
  return rows.length;
}

async function emitGroupsOf(tx: WriteTransaction, userId: string): Promise<void> {
  const [row = { userId, groupIds: [] }] = await selectGroupsOf(tx.db, [userId]);
  tx.emit('userGroups', { op: 'put', row });
}

/** For each of these users who is in a group, by whatever provider: the ids of the groups. */
export async function selectGroupsOf(db: Kysely<Database>, userIds: readonly string[]): Promise<GroupsOfUser[]> {
  if (userIds.length === 0) return [];
  return collect(
    await db
      .selectFrom('external_group_members')
      .select(['user_id', 'group_id'])
      .distinct()
      .where('user_id', 'in', userIds)
      .orderBy('group_id')
      .execute(),
  );
}

/** For everybody who is in a group: the ids of the groups, for the index at start. */
export async function selectAllGroupsOfUsers(db: Kysely<Database>): Promise<GroupsOfUser[]> {
  return collect(
    await db
      .selectFrom('external_group_members')
      .select(['user_id', 'group_id'])
      .distinct()
      .orderBy('group_id')
      .execute(),
  );
}

/** The users whom this provider names as a member of any group. */
export async function selectUsersNamedBy(db: Kysely<Database>, provider: string): Promise<string[]> {
  const rows = await db
    .selectFrom('external_group_members')
    .select('user_id')
    .distinct()
    .where('provider', '=', provider)
    .execute();
  return rows.map((row) => row.user_id);
}

function collect(rows: readonly { user_id: string; group_id: string }[]): GroupsOfUser[] {
  const byUser = new Map<string, string[]>();
  for (const { user_id: userId, group_id: groupId } of rows) {
    const known = byUser.get(userId);
    if (known) known.push(groupId);
    else byUser.set(userId, [groupId]);
  }
  return [...byUser].map(([userId, groupIds]) => ({ userId, groupIds }));
}
