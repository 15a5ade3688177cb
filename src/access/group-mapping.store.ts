import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { GroupMapping } from './group-mapping.ts';

declare module '../store/database.ts' {
  interface Database {
    group_mappings: GroupMappingsTable;
  }
}

interface GroupMappingsTable {
  id: string;
  external_group_id: string;
  role_key: string;
  assigned_by: string | null;
  assigned_at: Date;
}

/** Inserts a mapping and tells the indexes. */
export async function insertGroupMapping(tx: WriteTransaction, mapping: GroupMapping): Promise<void> {
  await tx.db
    .insertInto('group_mappings')
    .values({
      id: mapping.id,
      external_group_id: mapping.externalGroupId,
      role_key: mapping.roleKey,
      assigned_by: mapping.assignedBy,
      assigned_at: mapping.assignedAt,
    })
    .execute();
  tx.emit('groupMapping', { op: 'put', row: mapping });
}

/** Removes a mapping and tells the indexes. */
export async function deleteStoredGroupMapping(tx: WriteTransaction, mapping: GroupMapping): Promise<void> {
  await tx.db.deleteFrom('group_mappings').where('id', '=', mapping.id).execute();
  tx.emit('groupMapping', { op: 'drop', row: mapping });
}

/** Removes every mapping to this role and tells the indexes; resolves to how many there were. */
export async function deleteGroupMappingsTo(tx: WriteTransaction, roleKey: string): Promise<number> {
  const rows = await tx.db.deleteFrom('group_mappings').where('role_key', '=', roleKey).returningAll().execute();
  for (const row of rows) tx.emit('groupMapping', { op: 'drop', row: toGroupMapping(row) });
  return rows.length;
}

/** The mapping with this id, or null. */
export async function selectGroupMapping(db: Kysely<Database>, id: string): Promise<GroupMapping | null> {
  const row = await db.selectFrom('group_mappings').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toGroupMapping(row) : null;
}

/** Whether this group is mapped to this role. */
export async function hasGroupMapping(
  db: Kysely<Database>,
  given: Pick<GroupMapping, 'externalGroupId' | 'roleKey'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('group_mappings')
    .select('id')
    .where('external_group_id', '=', given.externalGroupId)
    .where('role_key', '=', given.roleKey)
    .executeTakeFirst();
  return row !== undefined;
}

/** Every mapping, for the index at start. */
export async function selectGroupMappings(db: Kysely<Database>): Promise<GroupMapping[]> {
  return (await db.selectFrom('group_mappings').selectAll().execute()).map(toGroupMapping);
}

function toGroupMapping(row: Selectable<GroupMappingsTable>): GroupMapping {
  return {
    id: row.id,
    externalGroupId: row.external_group_id,
    roleKey: row.role_key,
    assignedBy: row.assigned_by,
    assignedAt: row.assigned_at,
  };
}
