import type { Extraction } from '../engine/extraction.ts';
import { sleep } from '../kernel/clock.ts';
import type { Table } from '../registry/table.ts';
import { chooseRows } from './choose-rows.ts';
import { failureSentence } from './failure-sentence.ts';
import { mayPass } from './may-pass.ts';
import { readAnswer } from './read-answer.ts';
import { contextOfRun, emit, writeOfRun, type RunContext } from './run-context.ts';
import { updateSyncRunTable } from './sync-run.store.ts';
import type { TableState } from './table-state.ts';
import { upsertTableStates } from './table-state.store.ts';

interface TableOfRun {
  readonly extraction: Extraction;
  readonly table: Table;
}

/** How long to wait before the second and the third attempt. */
const pausesSeconds = [1, 4] as const;

/**
 * Extracts one table of a run. A fault that may pass is tried again, three attempts in all. Resolves to what is to be
 * published, or to null when the table failed: then that is written, and the table keeps what it holds.
 */
export async function extractTable(context: RunContext, given: TableOfRun): Promise<TableState | null> {
  const { services, run, signal } = context;
  const { table } = given;
  for (let attempt = 1; ; attempt += 1) {
    await beginAttempt(context, { table, attempt });
    try {
      return await attemptTable(context, given);
    } catch (error) {
      signal.throwIfAborted();
      services.log.warn({ err: error, runId: run.id, table: table.sqlName, attempt }, 'table failed');
      const pauseSeconds = mayPass(error) ? pausesSeconds[attempt - 1] : undefined;
      if (pauseSeconds === undefined) {
        await recordFailure(context, { table, message: failureSentence(error, 'connector') });
        return null;
      }
      await sleep(services.clock, pauseSeconds, signal);
    }
  }
}

async function beginAttempt(context: RunContext, given: { table: Table; attempt: number }): Promise<void> {
  const { table, attempt } = given;
  await writeOfRun(context, async (tx) => {
    const started = attempt === 1 ? { state: 'running' as const, startedAt: tx.at } : {};
    await updateSyncRunTable(tx, { runId: context.run.id, tableId: table.id }, { ...started, attempts: attempt });
    if (attempt === 1) emit(tx, context, { kind: 'progress', tableId: table.id });
  });
}

async function attemptTable(context: RunContext, { extraction, table }: TableOfRun): Promise<TableState> {
  const { services, run, source } = context;
  const { kind, since, cursor, basis } = chooseRows(context, table);
  const target = extraction.table(table.name, kind);
  try {
    const connector = services.connectors.named(source.connector);
    const { id, name, options } = table;
    const extract = { id, name, options, ...(since && { since }), ...(cursor !== undefined && { cursor }) };
    const answer = await connector.extract(contextOfRun(context), extract, target.sink);
    const { cursor: next, ...joining } = readAnswer(connector, answer);
    const { files, columns, rows, sizeBytes, watermark: reached } = await target.finish(joining);
    const lastSyncAt = services.clock.now();
    await writeOfRun(context, (tx) =>
      updateSyncRunTable(
        tx,
        { runId: run.id, tableId: table.id },
        { state: 'succeeded', finishedAt: tx.at, rows, sizeBytes },
      ),
    );
    return {
      ...{ tableId: id, status: 'ok', lastSyncAt, error: null, rows, sizeBytes, columns, files },
      watermark: reached === null ? null : { value: reached, basis },
      cursor: next === undefined ? null : { value: next, basis },
    };
  } catch (error) {
    await target.abandon();
    throw error;
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
    watermark: last?.watermark ?? null,
    cursor: last?.cursor ?? null,
    status: 'failed',
    error: message,
  };
  await writeOfRun(context, async (tx) => {
    await updateSyncRunTable(
      tx,
      { runId: run.id, tableId: table.id },
      { state: 'failed', finishedAt: tx.at, error: message },
    );
    await upsertTableStates(tx, [state]);
    emit(tx, context, { kind: 'tableFailed', tableId: table.id, message });
  });
}
