import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { StoredTableGrant } from './stored-table-grant.ts';

declare module '../store/database.ts' {
  interface Database {
    table_grants: TableGrantsTable;
  }
}

interface TableGrantsTable {
  id: string;
  table_id: string;
  grantee_kind: StoredTableGrant['granteeKind'];
  grantee_id: string;
  effect: StoredTableGrant['effect'];
  granted_by: string;
  granted_at: Date;
}

/** Inserts a table grant and tells the index. */
export async function insertTableGrant(tx: WriteTransaction, grant: StoredTableGrant): Promise<void> {
  await tx.db
    .insertInto('table_grants')
    .values({
      id: grant.id,
      table_id: grant.tableId,
      grantee_kind: grant.granteeKind,
      grantee_id: grant.granteeId,
      effect: grant.effect,
      granted_by: grant.grantedBy,
      granted_at: grant.grantedAt,
    })
    .execute();
  tx.emit('tableGrant', { op: 'put', row: grant });
}

/** Removes a table grant and tells the index. */
export async function deleteTableGrant(tx: WriteTransaction, grant: StoredTableGrant): Promise<void> {
  await tx.db.deleteFrom('table_grants').where('id', '=', grant.id).execute();
  tx.emit('tableGrant', { op: 'drop', row: grant });
}

/** Removes every table grant to this user, or to this role, and tells the index; resolves to how many there were. */
export async function deleteTableGrantsTo(
  tx: WriteTransaction,
  grantee: { kind: StoredTableGrant['granteeKind']; id: string },
): Promise<number> {
  const rows = await tx.db
    .deleteFrom('table_grants')
    .where('grantee_kind', '=', grantee.kind)
    .where('grantee_id', '=', grantee.id)
    .returningAll()
    .execute();
  for (const row of rows) tx.emit('tableGrant', { op: 'drop', row: toTableGrant(row) });
  return rows.length;
}

/** The grant with this id, or null. */
export async function selectTableGrant(db: Kysely<Database>, id: string): Promise<StoredTableGrant | null> {
  const row = await db.selectFrom('table_grants').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toTableGrant(row) : null;
}

/** The grants on these tables, oldest first. */
export async function selectTableGrantsOn(
  db: Kysely<Database>,
  tableIds: readonly string[],
): Promise<StoredTableGrant[]> {
  if (tableIds.length === 0) return [];
  const rows = await db
    .selectFrom('table_grants')
    .selectAll()
    .where('table_id', 'in', tableIds)
    .orderBy('granted_at')
    .orderBy('id')
    .execute();
  return rows.map(toTableGrant);
}

/** Every table grant, for the index at start. */
export async function selectTableGrants(db: Kysely<Database>): Promise<StoredTableGrant[]> {
  return (await db.selectFrom('table_grants').selectAll().execute()).map(toTableGrant);
}

function toTableGrant(row: Selectable<TableGrantsTable>): StoredTableGrant {
  return {
    id: row.id,
    tableId: row.table_id,
    granteeKind: row.grantee_kind,
    granteeId: row.grantee_id,
    effect: row.effect,
    grantedBy: row.granted_by,
    grantedAt: row.granted_at,
  };
}
