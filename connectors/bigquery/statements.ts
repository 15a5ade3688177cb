import type { ConnectorContext, StatementEstimate, StatementLimits, StatementResult, TableSink } from '../contract.ts';
import { openClient, type Client } from './client.ts';
import type { BigQueryOptions, BigQuerySource } from './config.ts';
import { billed, describeResult, dryRun, runJob } from './jobs.ts';
import { copyRows, refuseMore } from './rows.ts';
import { duckdbType } from './types.ts';

type Context = ConnectorContext<BigQuerySource>;

/** What a statement would give and read. */
export async function estimateStatement(context: Context, statement: string): Promise<StatementEstimate> {
  const client = await openClient(context);
  const { fields, bytesProcessed } = await dryRun(client, statement, context.signal);
  return { columns: fields.map((field) => ({ name: field.name, type: duckdbType(field) })), bytesProcessed };
}

/** Runs a statement within `limits`, and within those of the source, whose own hold where they are lower. */
export async function runStatement(
  context: Context,
  request: { statement: string; limits: StatementLimits; name: string },
  sink: TableSink,
): Promise<StatementResult> {
  const client = await openClient(context);
  const { config } = client;
  const { limits, name, statement } = request;
  const seconds = Math.min(limits.seconds ?? config.timeoutSeconds, config.timeoutSeconds);
  let bytesBilled: string | null = null;
  return withinSeconds(context, seconds, async (signal) => {
    const maximumBytesBilled = smaller(limits.bytesBilled, config.maxBytesBilled);
    await refuseExpensive(client, { ...request, maximumBytesBilled, signal });
    const job = await runJob(client, { statement, maximumBytesBilled, timeoutSeconds: seconds, signal });
    ({ bytesBilled } = job);
    const { fields, rows } = await describeResult(client, job, signal);
    const { projectId, jobId, location } = job;
    const rowLimit = Math.min(limits.rows ?? Infinity, config.maxRows ?? Infinity);
    const paged = {
      fields,
      name,
      path: [projectId, 'queries', jobId],
      query: { location },
      limits: { rows: Number.isFinite(rowLimit) ? rowLimit : undefined, bytes: limits.bytes },
    };
    refuseMore(paged, { rows });
    return { rows: await copyRows(client, paged, { sink, signal }), bytesBilled };
  }).catch((error: unknown) => {
    // What was aborted rejects with a reason that is not its own.
    throw error instanceof Error && error !== context.signal.reason ? billed(error, bytesBilled) : error;
  });
}

async function refuseExpensive(
  client: Client,
  given: { statement: string; maximumBytesBilled: string; name: string; signal: AbortSignal },
): Promise<void> {
  const { bytesProcessed } = await dryRun(client, given.statement, given.signal);
  if (bytesProcessed === null || BigInt(bytesProcessed) <= BigInt(given.maximumBytesBilled)) return;
  throw new Error(
    `${given.name} would read ${bytesProcessed} bytes at BigQuery, and at most ${given.maximumBytesBilled} may be charged for; read less, or raise maxBytesBilled.`,
  );
}

/** Runs `work` with a signal that also ends after `seconds`; then it throws a sentence. */
export async function withinSeconds<Result>(
  context: Context,
  seconds: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const timeout = AbortSignal.timeout(seconds * 1000);
  try {
    return await work(AbortSignal.any([context.signal, timeout]));
  } catch (error) {
    context.signal.throwIfAborted();
    if (!timeout.aborted) throw error;
    throw new Error(`It took longer than ${seconds} seconds and was cancelled; read less, or raise timeoutSeconds.`, {
      cause: error,
    });
  }
}

/** The statement that reads these columns, or all of them with null, of a table or of a statement's result. */
export function tableStatement(
  config: BigQuerySource,
  options: BigQueryOptions,
  columns: readonly string[] | null,
): string {
  const list = columns === null ? '*' : columns.map(quoteIdentifier).join(', ') || '1 AS `_`';
  if ('statement' in options) return `SELECT ${list} FROM (\n${options.statement.replace(/[;\s]+$/, '')}\n)`;
  const path = [config.project, options.dataset, options.table].map(quoteIdentifier).join('.');
  return `SELECT ${list} FROM ${path}`;
}

/** Escapes stand in quoted identifiers as they do in texts: https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical */
function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}\``;
}

function smaller(one: string | undefined, other: string): string {
  return one !== undefined && BigInt(one) < BigInt(other) ? one : other;
}
