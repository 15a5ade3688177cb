import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { durationText, printReport, printTables } from './print-run.ts';
import { readSyncRun, runIdOf } from './read-sync-run.ts';

/** Prints one run and what became of each of its tables. */
export async function showRun(run: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const found = await readSyncRun(connection, runIdOf(run));
  if (options.json) return printJson({ ...found, source: found.source?.name ?? null });
  const { source, state, requestedBy, queuedAt, durationMs, tasks, error } = found;
  const took = durationMs === null ? '' : `, took ${durationText(durationMs)}`;
  printNotice(
    `${source?.name ?? ''}: ${state.toLowerCase()}, asked for by ${requestedBy} at ${String(queuedAt)}${took}`,
  );
  if (tasks) printNotice(tasks.length === 0 ? 'only what its webhook told' : `tasks: ${tasks.join(', ')}`);
  if (error) printNotice(error);
  printTables(found);
  printReport(found);
}
