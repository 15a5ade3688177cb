import type { Extraction } from '../engine/extraction.ts';
import type { RemoteDescriber } from '../engine/describe-remote.ts';
import type { RemoteSettings } from '../engine/remote-attachment.ts';
import type { RemoteTable } from '../engine/remote-type.ts';
import { sleep } from '../kernel/clock.ts';
import type { Table } from '../registry/table.ts';
import { auditBilled } from './audit-billed.ts';
import { chooseRows } from './choose-rows.ts';
import { describeRemoteTable } from './describe-remote-table.ts';
import { failureSentence } from './failure-sentence.ts';
import { mayPass } from './may-pass.ts';
import { readAnswer } from './read-answer.ts';
import { contextOfRun, emit, writeOfRun, type RunContext } from './run-context.ts';
import { updateSyncRunTable } from './sync-run.store.ts';
import type { TableState } from './table-state.ts';
import { upsertTableStates } from './table-state.store.ts';

interface TableOfRun {
  readonly extraction: Extraction;
  readonly describer: RemoteDescriber;
  readonly table: Table;
}

declare module '../operation/services.ts' {
  interface Services {
    /** What of other systems statements may reach. */
    readonly remotes: RemoteSettings;
  }
}

/** How long to wait before the second and the third attempt. */
const pausesSeconds = [1, 4] as const;
/** An extension may have to be fetched first. */
const describeSeconds = 120;

/**
 * Extracts one table of a run. A fault that may pass is tried again, three attempts in all. Resolves to what is to be
 * published, or to null when the table failed: then that is written, and the table keeps what it holds.
 */
export async function extractTable(context: RunContext, given: TableOfRun): Promise<TableState | null> {
  const { services, run, signal } = context;
  const { table } = given;
  let spent: bigint | null = null;
  for (let attempt = 1; ; attempt += 1) {
    await beginAttempt(context, { table, attempt });
    try {
      if (isReadByStatements(context, table)) return await describeRemoteTable(context, table);
      return await attemptTable(context, { ...given, spent });
    } catch (error) {
      spent = addBilled(spent, billedOf(error));
      if (signal.aborted) await services.store.write((tx) => auditBilled(tx, context, { table, bytes: spent }));
      signal.throwIfAborted();
      services.log.warn({ err: error, runId: run.id, table: table.sqlName, attempt }, 'table failed');
      const pauseSeconds = mayPass(error) ? pausesSeconds[attempt - 1] : undefined;
      if (pauseSeconds === undefined) {
        await recordFailure(context, { table, message: failureSentence(error, 'connector'), spent });
        return null;
      }
      await sleep(services.clock, pauseSeconds, signal);
    }
  }
}

/** Whether statements at the source bring its rows; what a source attaches by itself is remote, too, and extracted. */
function isReadByStatements({ services, source }: RunContext, { queryMode }: Table): boolean {
  return queryMode === 'remote' && services.connectors.statementsOf(source.connector)?.tableStatement !== undefined;
}

async function beginAttempt(context: RunContext, given: { table: Table; attempt: number }): Promise<void> {
  const { table, attempt } = given;
  await writeOfRun(context, async (tx) => {
    const started = attempt === 1 ? { state: 'running' as const, startedAt: tx.at } : {};
    await updateSyncRunTable(tx, { runId: context.run.id, tableId: table.id }, { ...started, attempts: attempt });
    if (attempt === 1) emit(tx, context, { kind: 'progress', tableId: table.id });
  });
}

async function attemptTable(
  context: RunContext,
  { extraction, describer, table, spent }: TableOfRun & { spent: bigint | null },
): Promise<TableState> {
  const { services, run, source } = context;
  const { kind, since, cursor, basis } = chooseRows(context, table);
  const target = extraction.table(table.name, kind);
  let billed: string | undefined;
  try {
    const connector = services.connectors.named(source.connector);
    const { id, name, options } = table;
    const extract = { id, name, options, ...(since && { since }), ...(cursor !== undefined && { cursor }) };
    const answer = await connector.extract(contextOfRun(context), extract, target.sink);
    const { cursor: next, remote, bytesBilled, columns: described = [], ...joining } = readAnswer(connector, answer);
    billed = bytesBilled;
    if (remote) {
      await target.abandon();
      return await attachTable(context, { table, remote, describer });
    }
    const { files, columns, rows, sizeBytes, watermark: reached } = await target.finish(joining);
    const lastSyncAt = services.clock.now();
    const bytes = addBilled(spent, bytesBilled);
    await writeOfRun(context, async (tx) => {
      await updateSyncRunTable(
        tx,
        { runId: run.id, tableId: table.id },
        { state: 'succeeded', finishedAt: tx.at, rows, sizeBytes, bytesBilled: numberOrNull(bytes) },
      );
      await auditBilled(tx, context, { table, bytes });
    });
    return {
      tableId: id,
      status: 'ok',
      lastSyncAt,
      error: null,
      rows,
      sizeBytes,
      columns: withDescriptions(columns, described),
      files,
      remote: null,
      watermark: reached === null ? null : { value: reached, basis },
      cursor: next === undefined ? null : { value: next, basis },
    };
  } catch (error) {
    await target.abandon();
    throw error instanceof Error && billed !== undefined ? Object.assign(error, { bytesBilled: billed }) : error;
  }
}

function withDescriptions(
  columns: readonly { name: string; type: string }[],
  described: readonly { name: string; description: string }[],
): TableState['columns'] {
  const byName = new Map(described.map(({ name, description }) => [name, description]));
  return columns.map((column) => {
    const description = byName.get(column.name);
    return { ...column, ...(description !== undefined && { description }) };
  });
}

/** Asks the system of a table for its columns; how many rows it has is not asked, because that could cost. */
async function attachTable(
  context: RunContext,
  given: { table: Table; remote: RemoteTable; describer: RemoteDescriber },
): Promise<TableState> {
  const { services, run, signal } = context;
  const { table, remote, describer } = given;
  const columns = await describer.describe(remote, { timeoutSeconds: describeSeconds, signal });
  await writeOfRun(context, (tx) =>
    updateSyncRunTable(tx, { runId: run.id, tableId: table.id }, { state: 'succeeded', finishedAt: tx.at }),
  );
  const held = { rows: null, sizeBytes: null, columns, files: [], watermark: null, cursor: null, remote };
  return { tableId: table.id, status: 'ok', lastSyncAt: services.clock.now(), error: null, ...held };
}

function numberOrNull(bytes: bigint | null): number | null {
  return bytes === null ? null : Number(bytes);
}

/** What an error says that its attempt was charged for. */
function billedOf(error: unknown): string | undefined {
  const billed = (error as { bytesBilled?: unknown } | null)?.bytesBilled;
  return typeof billed === 'string' && /^\d{1,15}$/.test(billed) ? billed : undefined;
}

/** Null as long as nothing is known. */
function addBilled(spent: bigint | null, billed: string | undefined): bigint | null {
  return billed === undefined ? spent : (spent ?? 0n) + BigInt(billed);
}

async function recordFailure(
  context: RunContext,
  failure: { table: Table; message: string; spent: bigint | null },
): Promise<void> {
  const { services, run } = context;
  const { table, message, spent } = failure;
  const last = services.generations.state(table.id);
  const state: TableState = {
    tableId: table.id,
    lastSyncAt: last?.lastSyncAt ?? null,
    rows: last?.rows ?? null,
    sizeBytes: last?.sizeBytes ?? null,
    columns: last?.columns ?? [],
    files: last?.files ?? [],
    watermark: last?.watermark ?? null,
    remote: last?.remote ?? null,
    cursor: last?.cursor ?? null,
    status: 'failed',
    error: message,
  };
  await writeOfRun(context, async (tx) => {
    await updateSyncRunTable(
      tx,
      { runId: run.id, tableId: table.id },
      { state: 'failed', finishedAt: tx.at, error: message, bytesBilled: numberOrNull(spent) },
    );
    await auditBilled(tx, context, { table, bytes: spent });
    await upsertTableStates(tx, [state]);
    emit(tx, context, { kind: 'tableFailed', tableId: table.id, message });
  });
}
