import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { SyncRun, SyncRunTable } from './sync-run.ts';

declare module '../store/database.ts' {
  interface Database {
    sync_runs: SyncRunsTable;
    sync_run_tables: SyncRunTablesTable;
  }
}

interface SyncRunsTable {
  id: string;
  source_id: string;
  state: SyncRun['state'];
  requested_by: string;
  full_refresh: boolean | null;
  /** JSON. */
  tasks: string | null;
  queued_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  error: string | null;
  /** JSON. */
  report: string | null;
}

interface SyncRunTablesTable {
  run_id: string;
  table_id: string;
  state: SyncRunTable['state'];
  attempts: number | null;
  rows_written: number | null;
  size_bytes: number | null;
  bytes_billed: number | null;
  started_at: Date | null;
  finished_at: Date | null;
  error: string | null;
}

/** Inserts a queued run with its tables. */
export async function insertSyncRun(tx: WriteTransaction, run: SyncRun, tableIds: readonly string[]): Promise<void> {
  await tx.db
    .insertInto('sync_runs')
    .values({
      id: run.id,
      source_id: run.sourceId,
      state: run.state,
      requested_by: run.requestedBy,
      full_refresh: run.fullRefresh,
      tasks: run.tasks && JSON.stringify(run.tasks),
      queued_at: run.queuedAt,
      started_at: null,
      finished_at: null,
      error: null,
      report: null,
    })
    .execute();
  await tx.db
    .insertInto('sync_run_tables')
    .values(
      tableIds.map((tableId) => ({
        run_id: run.id,
        table_id: tableId,
        state: 'queued' as const,
        attempts: 0,
        rows_written: null,
        size_bytes: null,
        bytes_billed: null,
        started_at: null,
        finished_at: null,
        error: null,
      })),
    )
    .execute();
}

/** Writes what changed of a run. */
export async function updateSyncRun(
  tx: WriteTransaction,
  runId: string,
  change: Partial<Pick<SyncRun, 'state' | 'startedAt' | 'finishedAt' | 'error' | 'report'>>,
): Promise<void> {
  await tx.db
    .updateTable('sync_runs')
    .set({
      ...(change.state && { state: change.state }),
      ...(change.startedAt && { started_at: change.startedAt }),
      ...(change.finishedAt && { finished_at: change.finishedAt }),
      ...(change.error && { error: change.error }),
      ...(change.report !== undefined && { report: JSON.stringify(change.report) }),
    })
    .where('id', '=', runId)
    .execute();
}

/** Writes what changed of one table in a run. */
export async function updateSyncRunTable(
  tx: WriteTransaction,
  key: { runId: string; tableId: string },
  change: Partial<Omit<SyncRunTable, 'runId' | 'tableId'>>,
): Promise<void> {
  await tx.db
    .updateTable('sync_run_tables')
    .set({
      ...(change.state && { state: change.state }),
      ...(change.attempts !== undefined && { attempts: change.attempts }),
      ...(change.rows !== undefined && { rows_written: change.rows }),
      ...(change.sizeBytes !== undefined && { size_bytes: change.sizeBytes }),
      ...(change.bytesBilled !== undefined && { bytes_billed: change.bytesBilled }),
      ...(change.startedAt && { started_at: change.startedAt }),
      ...(change.finishedAt && { finished_at: change.finishedAt }),
      ...(change.error && { error: change.error }),
    })
    .where('run_id', '=', key.runId)
    .where('table_id', '=', key.tableId)
    .execute();
}

/** Ends the tables of a run whose turn has not come or not ended; `error` says why they failed. */
export async function endOpenTables(
  tx: WriteTransaction,
  runId: string,
  end: { state: 'failed'; error: string } | { state: 'cancelled'; error: null },
): Promise<void> {
  await tx.db
    .updateTable('sync_run_tables')
    .set({ ...end, finished_at: tx.at })
    .where('run_id', '=', runId)
    .where('state', 'in', ['queued', 'running'])
    .execute();
}

/** The run of this source that has not ended, or null. */
export async function selectOpenRun(db: Kysely<Database>, sourceId: string): Promise<SyncRun | null> {
  const row = await db
    .selectFrom('sync_runs')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
  return row ? toSyncRun(row) : null;
}

/** The ids of this source's tables that a run which has not ended is about. */
export async function selectTablesInOpenRuns(db: Kysely<Database>, sourceId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('sync_run_tables')
    .innerJoin('sync_runs', 'sync_runs.id', 'sync_run_tables.run_id')
    .select('sync_run_tables.table_id')
    .where('sync_runs.source_id', '=', sourceId)
    .where('sync_runs.state', 'in', ['queued', 'running'])
    .execute();
  return new Set(rows.map((row) => row.table_id));
}

/** Every run that has not ended. */
export async function selectOpenRuns(db: Kysely<Database>): Promise<SyncRun[]> {
  const rows = await db.selectFrom('sync_runs').selectAll().where('state', 'in', ['queued', 'running']).execute();
  return rows.map(toSyncRun);
}

/** The run with this id, or null. */
export async function selectSyncRun(db: Kysely<Database>, id: string): Promise<SyncRun | null> {
  const row = await db.selectFrom('sync_runs').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toSyncRun(row) : null;
}

/** Which runs to list; what is left out does not matter. */
export interface SyncRunFilter {
  sourceId?: string | undefined;
  state?: SyncRun['state'] | undefined;
  /** Runs that have this table. */
  tableId?: string | undefined;
}

/** At most `limit` runs that fit, newest first, from behind `before` on. */
export async function selectSyncRuns(
  db: Kysely<Database>,
  page: SyncRunFilter & { limit: number; before?: { at: Date; id: string } | undefined },
): Promise<SyncRun[]> {
  let query = db
    .selectFrom('sync_runs')
    .selectAll()
    .orderBy('queued_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit);
  const { before, sourceId, state, tableId } = page;
  if (sourceId !== undefined) query = query.where('source_id', '=', sourceId);
  if (state !== undefined) query = query.where('state', '=', state);
  if (tableId !== undefined) {
    const ofTable = db.selectFrom('sync_run_tables').select('run_id').where('table_id', '=', tableId);
    query = query.where('id', 'in', ofTable);
  }
  if (before) {
    query = query.where((where) =>
      where.or([
        where('queued_at', '<', before.at),
        where.and([where('queued_at', '=', before.at), where('id', '<', before.id)]),
      ]),
    );
  }
  return (await query.execute()).map(toSyncRun);
}

/** The newest `limit` runs of each of these tables, newest first, with the table that each is listed for. */
export async function selectSyncRunsOfTables(
  db: Kysely<Database>,
  { tableIds, limit }: { tableIds: readonly string[]; limit: number },
): Promise<{ tableId: string; run: SyncRun }[]> {
  const rows = await db
    .selectFrom(
      db
        .selectFrom('sync_run_tables as entry')
        .innerJoin('sync_runs as run', 'run.id', 'entry.run_id')
        .selectAll('run')
        .select('entry.table_id')
        .select(({ fn }) =>
          fn
            .agg<number>('row_number')
            .over((over) =>
              over.partitionBy('entry.table_id').orderBy('run.queued_at', 'desc').orderBy('run.id', 'desc'),
            )
            .as('place'),
        )
        .where('entry.table_id', 'in', tableIds)
        .as('ranked'),
    )
    .selectAll()
    .where('place', '<=', limit)
    .orderBy('place')
    .execute();
  return rows.map((row) => ({ tableId: row.table_id, run: toSyncRun(row) }));
}

/** The newest run of each of these sources that has had one. */
export async function selectNewestSyncRuns(db: Kysely<Database>, sourceIds: readonly string[]): Promise<SyncRun[]> {
  const rows = await db
    .selectFrom(
      db
        .selectFrom('sync_runs')
        .selectAll()
        .select(({ fn }) =>
          fn
            .agg<number>('row_number')
            .over((over) => over.partitionBy('source_id').orderBy('queued_at', 'desc').orderBy('id', 'desc'))
            .as('place'),
        )
        .where('source_id', 'in', sourceIds)
        .as('ranked'),
    )
    .selectAll()
    .where('place', '=', 1)
    .execute();
  return rows.map(toSyncRun);
}

/** At most `limit` ids of ended runs that `requestedBy` asked for, but the newest `kept` of each source and state. */
export async function selectOldRunsBy(
  db: Kysely<Database>,
  given: { requestedBy: string; kept: number; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom(
      db
        .selectFrom('sync_runs')
        .select('id')
        .select(({ fn }) =>
          fn
            .agg<number>('row_number')
            .over((over) =>
              over.partitionBy('source_id').partitionBy('state').orderBy('queued_at', 'desc').orderBy('id', 'desc'),
            )
            .as('place'),
        )
        .where('requested_by', '=', given.requestedBy)
        .where('state', 'not in', ['queued', 'running'])
        .as('ranked'),
    )
    .select('id')
    .where('place', '>', given.kept)
    .limit(given.limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Forgets these runs and what became of their tables. */
export async function deleteSyncRuns(tx: WriteTransaction, ids: readonly string[]): Promise<void> {
  await tx.db.deleteFrom('sync_run_tables').where('run_id', 'in', ids).execute();
  await tx.db.deleteFrom('sync_runs').where('id', 'in', ids).execute();
}

/** The tables of these runs. */
export async function selectSyncRunTables(db: Kysely<Database>, runIds: readonly string[]): Promise<SyncRunTable[]> {
  if (runIds.length === 0) return [];
  const rows = await db.selectFrom('sync_run_tables').selectAll().where('run_id', 'in', runIds).execute();
  return rows.map((row) => ({
    runId: row.run_id,
    tableId: row.table_id,
    state: row.state,
    attempts: row.attempts ?? 0,
    rows: row.rows_written,
    sizeBytes: row.size_bytes,
    bytesBilled: row.bytes_billed,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    error: row.error,
  }));
}

function toSyncRun(row: Selectable<SyncRunsTable>): SyncRun {
  return {
    id: row.id,
    sourceId: row.source_id,
    state: row.state,
    requestedBy: row.requested_by,
    fullRefresh: row.full_refresh ?? false,
    tasks: row.tasks === null ? null : (JSON.parse(row.tasks) as string[]),
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    error: row.error,
    report: row.report === null ? null : (JSON.parse(row.report) as unknown),
  };
}
