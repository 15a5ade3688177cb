import { newId } from '../../src/kernel/ids.ts';
import type { Services } from '../../src/operation/services.ts';
import type { Source } from '../../src/registry/source.ts';
import { insertSource } from '../../src/registry/source.store.ts';
import type { Table } from '../../src/registry/table.ts';
import { insertTables } from '../../src/registry/table.store.ts';
import type { WriteTransaction } from '../../src/store/store.ts';
import { syncTopic, type SyncEvent } from '../../src/sync/sync-event.ts';
import type { TableState } from '../../src/sync/table-state.ts';
import { upsertTableStates } from '../../src/sync/table-state.store.ts';

/** A Parquet file as a table holds it. */
export interface DataFile {
  path: string;
  rows: number;
  /** Both told only where somebody fetches the file. */
  sha256?: string;
  sizeBytes?: number;
}

/** Stores the source `shop` with public tables `shop.t0000`, `shop.t0001`, … that hold nothing yet. */
export async function registerTables(services: Services, count: number): Promise<Table[]> {
  return services.store.write(async (tx) => {
    const source: Source = { id: newId(), name: 'shop', connector: 'files', config: {}, createdAt: tx.at };
    await insertSource(tx, source);
    const tables = Array.from({ length: count }, (_, number) => makeTable(source, { number, at: tx.at }));
    await insertTables(tx, tables);
    return tables;
  });
}

function makeTable(source: Source, { number, at }: { number: number; at: Date }): Table {
  const name = `t${String(number).padStart(4, '0')}`;
  return {
    id: newId(),
    sqlName: `${source.name}.${name}`,
    alias: null,
    sourceId: source.id,
    name,
    bucket: null,
    description: `Orders of the branch ${number}, one row each.`,
    queryMode: 'local',
    isPublic: true,
    schedule: null,
    watermarkColumn: null,
    primaryKey: ['id'],
    columnDescriptions: [],
    options: { path: `${name}.csv` },
    createdAt: at,
  };
}

/** Publishes a generation in which each of these tables holds the file of its place, with the events that a run sends. */
export async function publishTables(
  services: Services,
  tables: readonly Table[],
  fileAt: (place: number) => DataFile,
): Promise<void> {
  await services.store.write(async (tx) => {
    const run = { runId: newId(), sourceId: tables[0]?.sourceId ?? '' };
    const states = tables.map((table, place) => makeState(table, { file: fileAt(place), at: tx.at }));
    await upsertTableStates(tx, states);
    for (const { tableId } of states) emit(tx, { ...run, kind: 'tablePublished', tableId });
    emit(tx, { ...run, kind: 'generationPublished' });
  });
}

function emit(tx: WriteTransaction, event: SyncEvent): void {
  tx.emit(syncTopic, event);
}

function makeState(table: Table, { file, at }: { file: DataFile; at: Date }): TableState {
  const { path, rows, sha256 = '0'.repeat(64), sizeBytes = 1000 } = file;
  return {
    tableId: table.id,
    status: 'ok',
    watermark: null,
    remote: null,
    cursor: null,
    lastSyncAt: at,
    error: null,
    rows,
    sizeBytes,
    columns: [{ name: 'id', type: 'BIGINT' }],
    files: [{ path, sha256, sizeBytes, rows }],
  };
}
