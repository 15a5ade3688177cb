import type { Extraction } from '../engine/extraction.ts';
import type { Failure } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import { RemoteFailedError } from './remote-errors.ts';
import type { RemoteBill, RemoteLimits, RemoteOrder } from './remote-order.ts';
import { demandStatements } from './statement-sources.ts';

interface Given {
  readonly order: RemoteOrder;
  readonly extraction: Extraction;
  readonly limits: RemoteLimits;
  readonly signal: AbortSignal;
}

/** The files and the bill of one order, or why there are none and what is known of the bill. Never rejects. */
export type RemoteOutcome = { readonly bill: RemoteBill } & (
  | { readonly files: readonly string[] }
  | { readonly failure: Failure }
);

/** Runs one order at its source, once, into files. */
export async function readRemote(services: Services, given: Given): Promise<RemoteOutcome> {
  const { order, signal } = given;
  const { name, source, statement, bytesEstimated = null } = order;
  const begun = performance.now();
  let bytesBilled: string | null = null;
  const bill = (end: Pick<RemoteBill, 'rows' | 'sizeBytes' | 'error'>): RemoteBill => ({
    name,
    source: source.name,
    statement,
    bytesEstimated,
    bytesBilled,
    ...end,
    elapsedMs: performance.now() - begun,
  });
  try {
    const extracted = await fetchRows(services, { ...given, billed: (bytes) => (bytesBilled = bytes) });
    const { rows, sizeBytes, files } = extracted;
    return { bill: bill({ rows, sizeBytes, error: null }), files: files.map(({ path }) => path) };
  } catch (error) {
    const failure = failureOf(error, { name, signal });
    services.log.info({ err: error, remote: name, source: source.name }, 'remote failed');
    bytesBilled ??= billedOf(error);
    return { bill: bill({ rows: null, sizeBytes: null, error: failure.message }), failure };
  }
}

async function fetchRows(services: Services, given: Given & { billed: (bytes: string | null) => void }) {
  const { order, extraction, limits, signal } = given;
  const target = extraction.table(order.name.slice(order.name.indexOf('.') + 1));
  try {
    const statements = demandStatements(services, order.source);
    const { bytesBilled } = await statements.run(
      services.connectors.contextOf(order.source, signal),
      {
        statement: order.statement,
        limits: {
          rows: limits.rows,
          bytes: limits.bytes,
          seconds: limits.timeoutSeconds,
          ...(order.maxBytesBilled !== undefined && { bytesBilled: String(order.maxBytesBilled) }),
        },
      },
      target.sink,
    );
    given.billed(bytesBilled);
    signal.throwIfAborted();
    const extracted = await target.finish();
    if (extracted.rows > limits.rows)
      throw new Error(`It answered ${extracted.rows} rows; ${limits.rows} are allowed.`);
    return extracted;
  } catch (error) {
    await target.abandon();
    throw error;
  }
}

/** What ended the whole reading says more than what a connector throws because of it. */
function failureOf(error: unknown, { name, signal }: { name: string; signal: AbortSignal }): Failure {
  if (signal.aborted) return signal.reason as Failure;
  if (error instanceof RemoteFailedError) return error;
  return new RemoteFailedError(name, error instanceof Error ? error.message : 'the source failed.');
}

/** A connector whose statement was billed and failed all the same says so on its error. */
function billedOf(error: unknown): string | null {
  const billed = (error as { bytesBilled?: unknown } | null)?.bytesBilled;
  return typeof billed === 'string' ? billed : null;
}
