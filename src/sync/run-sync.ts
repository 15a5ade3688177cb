import { openExtraction, type Extraction } from '../engine/extraction.ts';
import { Failure } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';
import type { Table } from '../registry/table.ts';
import type { WriteTransaction } from '../store/store.ts';
import { describeExtract } from './describe-extract.ts';
import { syncTopic, type SyncEvent } from './sync-event.ts';
import { stoppedSentence, type SyncRun, type SyncRunState } from './sync-run.ts';
import { failOpenTables, selectSyncRunTables, updateSyncRun, updateSyncRunTable } from './sync-run.store.ts';
import type { TableState } from './table-state.ts';
import { upsertTableStates } from './table-state.store.ts';

interface RunContext {
  readonly services: Services;
  readonly run: SyncRun;
  readonly source: Source;
  readonly extractsDir: string;
  readonly signal: AbortSignal;
}

/**
 * Executes a queued run: extracts table after table, then publishes all that succeeded as one generation in one
 * transaction. A table that fails keeps its last good files; when every table fails, or `signal` is aborted, the last
 * generation stays.
 */
export async function runSync(given: {
  services: Services;
  run: SyncRun;
  extractsDir: string;
  signal: AbortSignal;
}): Promise<SyncRunState> {
  const source = given.services.registry.source(given.run.sourceId);
  if (!source) throw new Error(`run ${given.run.id} names a source that does not exist`);
  const context: RunContext = { ...given, source };
  await writeRun(context, { change: { state: 'running', startedAt: now(context) }, event: { kind: 'started' } });
  try {
    return await extractAndPublish(context);
  } catch (error) {
    if (context.signal.aborted) return finish(context, { state: 'failed', error: stoppedSentence, published: [] });
    context.services.log.error({ err: error, runId: context.run.id }, 'sync run failed');
    return finish(context, { state: 'failed', error: sentenceFor(error), published: [] });
  }
}

async function extractAndPublish(context: RunContext): Promise<SyncRunState> {
  const { services, run, source, extractsDir } = context;
  const entries = await selectSyncRunTables(services.store.db, [run.id]);
  const tables = entries.flatMap((entry) => services.registry.table(entry.tableId) ?? []);
  const published: TableState[] = [];
  const extraction = await openExtraction({ extractsDir, source: source.name, signal: context.signal });
  try {
    for (const table of tables) {
      const state = await extractTable(context, { extraction, table });
      if (state) published.push(state);
    }
  } finally {
    await extraction.close();
  }
  if (published.length > 0) await describeExtract(services, { source, extractsDir, fresh: published });
  const state = published.length === tables.length ? 'succeeded' : published.length > 0 ? 'partial' : 'failed';
  return finish(context, { state, error: null, published });
}

async function extractTable(
  context: RunContext,
  given: { extraction: Extraction; table: Table },
): Promise<TableState | null> {
  const { services, run, source, signal } = context;
  const { table } = given;
  const key = { runId: run.id, tableId: table.id };
  await services.store.write(async (tx) => {
    await updateSyncRunTable(tx, key, { state: 'running', startedAt: tx.at });
    emit(tx, context, { kind: 'progress', tableId: table.id });
  });
  const target = given.extraction.table(table.name);
  try {
    const connector = services.connectors.named(source.connector);
    const extract = { id: table.id, name: table.name, options: table.options };
    await connector.extract(services.connectors.contextOf(source, signal), extract, target.sink);
    const { files, columns, rows, sizeBytes } = await target.finish();
    const at = now(context);
    await services.store.write((tx) =>
      updateSyncRunTable(tx, key, { state: 'succeeded', finishedAt: tx.at, rows, sizeBytes }),
    );
    return { tableId: table.id, status: 'ok', lastSyncAt: at, error: null, rows, sizeBytes, columns, files };
  } catch (error) {
    await target.abandon();
    signal.throwIfAborted();
    services.log.warn({ err: error, runId: run.id, table: table.sqlName }, 'table failed');
    await recordFailure(context, { table, message: sentenceFor(error, 'connector') });
    return null;
  }
}

async function recordFailure(context: RunContext, failure: { table: Table; message: string }): Promise<void> {
  const { services, run } = context;
  const { table, message } = failure;
  const last = services.generations.state(table.id);
  const state: TableState = {
    tableId: table.id,
    lastSyncAt: last?.lastSyncAt ?? null,
    rows: last?.rows ?? null,
    sizeBytes: last?.sizeBytes ?? null,
    columns: last?.columns ?? [],
    files: last?.files ?? [],
    status: 'failed',
    error: message,
  };
  await services.store.write(async (tx) => {
    await updateSyncRunTable(
      tx,
      { runId: run.id, tableId: table.id },
      { state: 'failed', finishedAt: tx.at, error: message },
    );
    await upsertTableStates(tx, [state]);
    emit(tx, context, { kind: 'tableFailed', tableId: table.id, message });
  });
}

async function finish(
  context: RunContext,
  outcome: { state: SyncRunState; error: string | null; published: readonly TableState[] },
): Promise<SyncRunState> {
  const { services, run } = context;
  await services.store.write(async (tx) => {
    await upsertTableStates(tx, outcome.published);
    for (const { tableId } of outcome.published) emit(tx, context, { kind: 'tablePublished', tableId });
    if (outcome.published.length > 0) emit(tx, context, { kind: 'generationPublished' });
    if (outcome.error) await failOpenTables(tx, run.id, outcome.error);
    await updateSyncRun(tx, run.id, { state: outcome.state, finishedAt: tx.at, error: outcome.error });
    emit(tx, context, { kind: 'finished', state: outcome.state });
  });
  return outcome.state;
}

async function writeRun(
  context: RunContext,
  step: { change: Parameters<typeof updateSyncRun>[2]; event: { kind: 'started' } },
): Promise<void> {
  await context.services.store.write(async (tx) => {
    await updateSyncRun(tx, context.run.id, step.change);
    emit(tx, context, step.event);
  });
}

type EventOfRun<Event = SyncEvent> = Event extends SyncEvent ? Omit<Event, 'runId' | 'sourceId'> : never;

function emit(tx: WriteTransaction, context: RunContext, event: EventOfRun): void {
  tx.emit(syncTopic, { ...event, runId: context.run.id, sourceId: context.run.sourceId });
}

function now(context: RunContext): Date {
  return context.services.clock.now();
}

/** What may be told: our failures and a connector's own sentences; anything else stays in the log. */
function sentenceFor(error: unknown, from?: 'connector'): string {
  if (error instanceof Failure) return error.message;
  if (from === 'connector' && error instanceof Error) return error.message;
  return 'The run stopped at a fault of the server; its log says more.';
}
