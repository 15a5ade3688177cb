import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { Role } from './role.ts';

declare module '../store/database.ts' {
  interface Database {
    roles: RolesTable;
  }
}

interface RolesTable {
  key: string;
  display_name: string;
  description: string;
  owner_module: string;
  is_core: boolean;
  /** JSON array of role keys. */
  implies: string;
  created_at: Date;
  updated_at: Date;
  /** Who made it; null when code defines it. */
  created_by: string | null;
}

/** Every role, by key. */
export async function selectRoles(db: Kysely<Database>): Promise<Role[]> {
  const rows = await db.selectFrom('roles').selectAll().orderBy('key').execute();
  return rows.map((row) => ({
    key: row.key,
    displayName: row.display_name,
    description: row.description,
    ownerModule: row.owner_module,
    isCore: row.is_core,
    implies: JSON.parse(row.implies) as string[],
  }));
}

/** The keys of the roles that somebody made, and not code. */
export async function selectMadeRoleKeys(db: Kysely<Database>): Promise<string[]> {
  const rows = await db.selectFrom('roles').select('key').where('created_by', 'is not', null).execute();
  return rows.map((row) => row.key);
}

/** Inserts a role that somebody made and tells the indexes. */
export async function insertRole(tx: WriteTransaction, role: Role, createdBy: string): Promise<void> {
  await tx.db
    .insertInto('roles')
    .values({ key: role.key, created_at: tx.at, created_by: createdBy, ...columnsOf(tx, role) })
    .execute();
  tx.emit('role', { op: 'put', row: role });
}

/** Inserts the role or makes the stored one equal to it, and tells the indexes. */
export async function upsertRole(tx: WriteTransaction, role: Role): Promise<void> {
  const columns = columnsOf(tx, role);
  await tx.db
    .insertInto('roles')
    .values({ key: role.key, created_at: tx.at, created_by: null, ...columns })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(columns))
    .execute();
  tx.emit('role', { op: 'put', row: role });
}

/** Removes a role and tells the indexes; what names it is the caller's to remove. */
export async function deleteStoredRole(tx: WriteTransaction, key: string): Promise<void> {
  await tx.db.deleteFrom('roles').where('key', '=', key).execute();
  tx.emit('role', { op: 'drop', row: { key } });
}

function columnsOf(tx: WriteTransaction, role: Role) {
  return {
    display_name: role.displayName,
    description: role.description,
    owner_module: role.ownerModule,
    is_core: role.isCore,
    implies: JSON.stringify(role.implies),
    updated_at: tx.at,
  };
}
