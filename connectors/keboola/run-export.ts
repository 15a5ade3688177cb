import { z } from 'zod';
import { askStorage, speak, type Connection } from './client.ts';
import type { WhereFilter } from './config.ts';
import { AnswerError } from './faults.ts';
import { jobShape } from './storage-shapes.ts';

/** What an export takes of a table. */
export interface ExportRequest {
  table: string;
  columns: readonly string[];
  where: readonly WhereFilter[];
  /** Unix seconds: only rows that were imported then or later. */
  changedSince?: number;
}

const firstPauseSeconds = 0.2;
const longestPauseSeconds = 10;

/** Lets Keboola export rows into a file and waits until it is there; resolves to the file's id. */
export async function runExport(
  connection: Connection,
  request: ExportRequest,
  timeoutSeconds: number,
): Promise<string> {
  const { table, columns, where, changedSince } = request;
  const job = await askStorage(connection, {
    method: 'POST',
    path: `tables/${encodeURIComponent(table)}/export-async`,
    body: {
      format: 'rfc',
      gzip: true,
      columns: columns.join(','),
      ...(where.length > 0 && { whereFilters: where }),
      ...(changedSince !== undefined && { changedSince: String(changedSince) }),
    },
    shape: jobShape,
  }).catch((error: unknown) => {
    throw aboutTable(table, error);
  });
  return awaitJob(connection, { table, id: String(job.value.id), timeoutSeconds });
}

async function awaitJob(
  connection: Connection,
  { table, id, timeoutSeconds }: { table: string; id: string; timeoutSeconds: number },
): Promise<string> {
  const end = performance.now() + timeoutSeconds * 1000;
  for (let seconds = firstPauseSeconds; ; seconds = Math.min(seconds * 1.5, longestPauseSeconds)) {
    const { value: job } = await askStorage(connection, { path: `jobs/${encodeURIComponent(id)}`, shape: jobShape });
    if (job.status === 'success') {
      const file = job.results?.file?.id;
      if (file !== undefined) return String(file);
      throw new Error(`The export of ${table} ended without a file; look at the job ${id} in Keboola.`);
    }
    if (job.status !== 'waiting' && job.status !== 'processing') {
      const reason = speak(connection, job.error?.message ?? `its state is ${job.status}`);
      throw new Error(`Keboola could not export ${table}: ${reason}.`);
    }
    if (performance.now() >= end) {
      throw new Error(
        `The export of ${table} did not end within ${timeoutSeconds} seconds; raise exportTimeoutSeconds or sync again.`,
      );
    }
    await connection.pause(Math.min(seconds, Math.max((end - performance.now()) / 1000, 0)), connection.signal);
  }
}

/** A table that the stack does not know is told as such; any other error stays as it is. */
export function aboutTable(table: string, error: unknown): unknown {
  if (!(error instanceof AnswerError) || error.status !== 404) return error;
  return new Error(
    `There is no table ${table} in the project, or the token may not read it; unregister it or grant it.`,
  );
}

/** An answer whose content does not matter. */
export const anyAnswer = z.unknown();
