import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { RoleGrant } from './role-grant.ts';

declare module '../store/database.ts' {
  interface Database {
    role_grants: RoleGrantsTable;
  }
}

interface RoleGrantsTable {
  id: string;
  user_id: string;
  role_key: string;
  source: RoleGrant['source'];
  granted_by: string | null;
  granted_at: Date;
  starts_at: Date | null;
  expires_at: Date | null;
}

/** Inserts a grant and tells the indexes. */
export async function insertRoleGrant(tx: WriteTransaction, grant: RoleGrant): Promise<void> {
  await tx.db
    .insertInto('role_grants')
    .values({
      id: grant.id,
      user_id: grant.userId,
      role_key: grant.roleKey,
      source: grant.source,
      granted_by: grant.grantedBy,
      granted_at: grant.grantedAt,
      starts_at: grant.startsAt,
      expires_at: grant.expiresAt,
    })
    .execute();
  tx.emit('roleGrant', { op: 'put', row: grant });
}

/** Removes a grant and tells the indexes. */
export async function deleteRoleGrant(tx: WriteTransaction, grant: RoleGrant): Promise<void> {
  await tx.db.deleteFrom('role_grants').where('id', '=', grant.id).execute();
  tx.emit('roleGrant', { op: 'drop', row: grant });
}

/** Removes every grant of this user and tells the indexes; resolves to how many there were. */
export async function deleteRoleGrantsOf(tx: WriteTransaction, userId: string): Promise<number> {
  const rows = await tx.db.deleteFrom('role_grants').where('user_id', '=', userId).returningAll().execute();
  for (const row of rows) tx.emit('roleGrant', { op: 'drop', row: toRoleGrant(row) });
  return rows.length;
}

/** Removes every grant of this role and tells the indexes; resolves to how many there were. */
export async function deleteRoleGrantsOfRole(tx: WriteTransaction, roleKey: string): Promise<number> {
  const rows = await tx.db.deleteFrom('role_grants').where('role_key', '=', roleKey).returningAll().execute();
  for (const row of rows) tx.emit('roleGrant', { op: 'drop', row: toRoleGrant(row) });
  return rows.length;
}

/** The grant with this id, or null. */
export async function selectRoleGrant(db: Kysely<Database>, id: string): Promise<RoleGrant | null> {
  const row = await db.selectFrom('role_grants').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toRoleGrant(row) : null;
}

/** This user's grant of this role, or null. */
export async function selectRoleGrantOf(
  db: Kysely<Database>,
  userId: string,
  roleKey: string,
): Promise<RoleGrant | null> {
  const row = await db
    .selectFrom('role_grants')
    .selectAll()
    .where('user_id', '=', userId)
    .where('role_key', '=', roleKey)
    .executeTakeFirst();
  return row ? toRoleGrant(row) : null;
}

/** All of this user's grants, in no particular order. */
export async function selectRoleGrantsOf(db: Kysely<Database>, userId: string): Promise<RoleGrant[]> {
  return (await db.selectFrom('role_grants').selectAll().where('user_id', '=', userId).execute()).map(toRoleGrant);
}

/** Every grant, for the index at start. */
export async function selectRoleGrants(db: Kysely<Database>): Promise<RoleGrant[]> {
  return (await db.selectFrom('role_grants').selectAll().execute()).map(toRoleGrant);
}

/**
 * How many active users hold one of these roles directly by a grant that counts and has no end, as the transaction sees it
 * at its instant.
 */
export async function countLastingHolders(tx: WriteTransaction, roleKeys: readonly string[]): Promise<number> {
  const row = await tx.db
    .selectFrom('role_grants')
    .innerJoin('users', 'users.id', 'role_grants.user_id')
    .where('users.active', '=', true)
    .where('role_grants.role_key', 'in', roleKeys)
    .where('role_grants.expires_at', 'is', null)
    .where((where) =>
      where.or([where('role_grants.starts_at', 'is', null), where('role_grants.starts_at', '<=', tx.at)]),
    )
    .select((select) => select.fn.count<number>('users.id').distinct().as('holders'))
    .executeTakeFirstOrThrow();
  return Number(row.holders);
}

function toRoleGrant(row: Selectable<RoleGrantsTable>): RoleGrant {
  return {
    id: row.id,
    userId: row.user_id,
    roleKey: row.role_key,
    source: row.source,
    grantedBy: row.granted_by,
    grantedAt: row.granted_at,
    startsAt: row.starts_at,
    expiresAt: row.expires_at,
  };
}
