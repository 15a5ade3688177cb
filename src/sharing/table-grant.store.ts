import type { ExpressionBuilder, Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { GrantScope } from './grant-scope.ts';
import type { TableGrant } from './table-grant.ts';

declare module '../store/database.ts' {
  interface Database {
    table_grants: TableGrantsTable;
  }
}

interface TableGrantsTable {
  id: string;
  scope_kind: GrantScope['kind'];
  /** A table's id, or a source's. */
  scope_id: string;
  /** Empty but for a grant on a bucket. */
  bucket: string;
  grantee_kind: TableGrant['granteeKind'];
  grantee_id: string;
  effect: TableGrant['effect'];
  starts_at: Date | null;
  expires_at: Date | null;
  granted_by: string;
  granted_at: Date;
}

/** Inserts a table grant and tells the index. */
export async function insertTableGrant(tx: WriteTransaction, grant: TableGrant): Promise<void> {
  await tx.db
    .insertInto('table_grants')
    .values({
      id: grant.id,
      ...scopeColumns(grant.scope),
      grantee_kind: grant.granteeKind,
      grantee_id: grant.granteeId,
      effect: grant.effect,
      starts_at: grant.startsAt,
      expires_at: grant.expiresAt,
      granted_by: grant.grantedBy,
      granted_at: grant.grantedAt,
    })
    .execute();
  tx.emit('tableGrant', { op: 'put', row: grant });
}

/** Removes a table grant and tells the index. */
export async function deleteTableGrant(tx: WriteTransaction, grant: TableGrant): Promise<void> {
  await deleteWhere(tx, (where) => where('id', '=', grant.id));
}

/** Removes every table grant to this user or role and tells the index; resolves to how many there were. */
export function deleteTableGrantsTo(
  tx: WriteTransaction,
  grantee: { kind: TableGrant['granteeKind']; id: string },
): Promise<number> {
  return deleteWhere(tx, (where) =>
    where.and([where('grantee_kind', '=', grantee.kind), where('grantee_id', '=', grantee.id)]),
  );
}

/** Removes every grant on exactly this table and tells the index; resolves to how many there were. */
export function deleteTableGrantsOn(tx: WriteTransaction, tableId: string): Promise<number> {
  return deleteWhere(tx, (where) => where.and([where('scope_kind', '=', 'table'), where('scope_id', '=', tableId)]));
}

/** Removes every grant on this source and on its buckets and tells the index; resolves to how many there were. */
export function deleteTableGrantsOnSource(tx: WriteTransaction, sourceId: string): Promise<number> {
  return deleteWhere(tx, (where) => where.and([where('scope_kind', '!=', 'table'), where('scope_id', '=', sourceId)]));
}

/** The grant with this id, or null. */
export async function selectTableGrant(db: Kysely<Database>, id: string): Promise<TableGrant | null> {
  const row = await db.selectFrom('table_grants').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toTableGrant(row) : null;
}

/** The grant on exactly this scope to this user or role, or null. */
export async function selectSameTableGrant(
  db: Kysely<Database>,
  given: Pick<TableGrant, 'scope' | 'granteeKind' | 'granteeId'>,
): Promise<TableGrant | null> {
  const scope = scopeColumns(given.scope);
  const row = await db
    .selectFrom('table_grants')
    .selectAll()
    .where('scope_kind', '=', scope.scope_kind)
    .where('scope_id', '=', scope.scope_id)
    .where('bucket', '=', scope.bucket)
    .where('grantee_kind', '=', given.granteeKind)
    .where('grantee_id', '=', given.granteeId)
    .executeTakeFirst();
  return row ? toTableGrant(row) : null;
}

/** Every table grant, for the index at start. */
export async function selectTableGrants(db: Kysely<Database>): Promise<TableGrant[]> {
  return (await db.selectFrom('table_grants').selectAll().execute()).map(toTableGrant);
}

type Where = ExpressionBuilder<Database, 'table_grants'>;

async function deleteWhere(
  tx: WriteTransaction,
  condition: (where: Where) => ReturnType<Where['and']>,
): Promise<number> {
  const rows = await tx.db.deleteFrom('table_grants').where(condition).returning('id').execute();
  for (const { id } of rows) tx.emit('tableGrant', { op: 'drop', row: { id } });
  return rows.length;
}

function scopeColumns(scope: GrantScope): Pick<TableGrantsTable, 'scope_kind' | 'scope_id' | 'bucket'> {
  return {
    scope_kind: scope.kind,
    scope_id: scope.kind === 'table' ? scope.tableId : scope.sourceId,
    bucket: scope.kind === 'bucket' ? scope.bucket : '',
  };
}

function toScope({ scope_kind: kind, scope_id: id, bucket }: Selectable<TableGrantsTable>): GrantScope {
  if (kind === 'table') return { kind, tableId: id };
  return kind === 'bucket' ? { kind, sourceId: id, bucket } : { kind, sourceId: id };
}

function toTableGrant(row: Selectable<TableGrantsTable>): TableGrant {
  return {
    id: row.id,
    scope: toScope(row),
    granteeKind: row.grantee_kind,
    granteeId: row.grantee_id,
    effect: row.effect,
    startsAt: row.starts_at,
    expiresAt: row.expires_at,
    grantedBy: row.granted_by,
    grantedAt: row.granted_at,
  };
}
