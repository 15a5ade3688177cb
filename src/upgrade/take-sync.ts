import type { Insertable } from 'kysely';
import { newId } from '../kernel/ids.ts';
import type { Database } from '../store/database.ts';
import { isStorableInstant } from './old-row.ts';
import { tablesSynced, whyNotOne } from './old-tables.ts';
import type { HeldFiles } from './take-files.ts';
import { firstTimes, rowsOf, type Upgrade } from './upgrade.ts';

/** Takes over how each table stood after its last sync, and every sync before as a run of its own. */
export async function takeSync(upgrade: Upgrade, held: HeldFiles): Promise<void> {
  await takeStates(upgrade, held);
  await takeHistory(upgrade);
}

async function takeStates(upgrade: Upgrade, held: HeldFiles): Promise<void> {
  const { ledger } = upgrade;
  const isFirst = firstTimes();
  for await (const row of rowsOf(upgrade, 'sync_state')) {
    const named = row.text('table_id') ?? '';
    const meant = tablesSynced(upgrade, named);
    const tableId = meant[0]?.id ?? '';
    if (meant.length !== 1 || !isFirst(tableId)) {
      const reason = meant.length === 1 ? 'another row is about the same table' : whyNotOne(meant, named);
      await ledger.left(row, { key: named, reason });
      continue;
    }
    const [status, error] = [row.text('status') ?? 'ok', row.text('error')];
    if (status !== 'ok') row.giveBack('status');
    const said = { row_count: row.integer('rows'), size_bytes: row.integer('file_size_bytes') };
    await ledger.put('table_sync_states', {
      ...stateOf(tableId, held),
      status: status === 'ok' ? 'ok' : 'failed',
      last_sync_at: row.instant('last_sync'),
      error,
      ...(held.has(tableId) ? {} : said),
    });
    await ledger.took(row, named);
  }
  for (const tableId of held.keys()) {
    if (isFirst(tableId)) await ledger.put('table_sync_states', stateOf(tableId, held));
  }
}

/** A table with the files that were published for it, or with none. */
function stateOf(tableId: string, held: HeldFiles): Insertable<Database['table_sync_states']> {
  const { rows = null, sizeBytes = null, columns = [], files = [] } = held.get(tableId) ?? {};
  return {
    table_id: tableId,
    status: 'ok',
    last_sync_at: null,
    error: null,
    row_count: rows,
    size_bytes: sizeBytes,
    columns: JSON.stringify(columns),
    files: JSON.stringify(files),
    watermark: null,
    remote: null,
    cursor: null,
  };
}

async function takeHistory(upgrade: Upgrade): Promise<void> {
  const { ledger } = upgrade;
  const isFirst = firstTimes();
  for await (const row of rowsOf(upgrade, 'sync_history')) {
    const [id, named, finishedAt] = [row.text('id') ?? newId(), row.text('table_id') ?? '', row.instant('synced_at')];
    const meant = tablesSynced(upgrade, named);
    const reason =
      (meant.length !== 1 && whyNotOne(meant, named)) ||
      (finishedAt === null && 'it does not say when') ||
      (!isFirst(id) && 'another row has the same id');
    if (reason) {
      await ledger.left(row, { key: id, reason });
      continue;
    }
    const [status, error, duration] = [row.text('status') ?? 'ok', row.text('error'), row.integer('duration_ms') ?? 0];
    const state = status === 'ok' ? ('succeeded' as const) : ('failed' as const);
    if (status !== 'ok') row.giveBack('status');
    const reckoned = new Date(finishedAt!.getTime() - duration);
    const startedAt = isStorableInstant(reckoned) ? reckoned : finishedAt!;
    if (startedAt !== reckoned) row.giveBack('duration_ms');
    await ledger.put('sync_runs', {
      id,
      source_id: meant[0]!.sourceId,
      state,
      requested_by: 'system',
      full_refresh: true,
      tasks: null,
      queued_at: startedAt,
      started_at: startedAt,
      finished_at: finishedAt,
      error: null,
      report: null,
    });
    await ledger.put('sync_run_tables', {
      run_id: id,
      table_id: meant[0]!.id,
      state,
      attempts: 1,
      rows_written: row.integer('rows'),
      size_bytes: null,
      bytes_billed: null,
      started_at: startedAt,
      finished_at: finishedAt,
      error,
    });
    await ledger.took(row, id);
  }
}
