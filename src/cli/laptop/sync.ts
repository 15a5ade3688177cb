import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { readEnvironment } from '../environment.ts';
import { exitCodes, wrongUsage } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { findWorkspace } from '../workspace/workspace.ts';
import { createProgress } from './progress.ts';
import { syncLaptop, type SyncReport } from './sync-laptop.ts';

export interface SyncOptions extends GlobalOptions {
  readonly quiet?: true;
  readonly json?: true;
}

/** Syncs the workspace that this folder is in. */
export async function sync(options: SyncOptions): Promise<void> {
  const workspace = await findWorkspace();
  const server = options.server ?? readEnvironment().server ?? workspace.server;
  const connection = await openConnection({ ...options, server });
  if (connection.server !== workspace.server) {
    throw wrongUsage(`This workspace belongs to ${workspace.server}; go to another one for ${connection.server}.`);
  }
  const report = await syncLaptop(connection, { workspace, progress: await createProgress(options) });
  if (options.json) printJson(report);
  else if (!options.quiet) printReport(report);
  if (report.failed.length > 0) process.exitCode = exitCodes.partlyDone;
}

function printReport({ unchanged, downloaded, removed, failed, tables }: SyncReport): void {
  if (unchanged) return printNotice(`Nothing has changed; the ${tables} tables here are up to date.`);
  for (const table of removed) printNotice(`${table} is no longer yours to read, or not chosen: it is removed.`);
  for (const { table, error } of failed) printNotice(`${table} failed: ${error}`);
  printNotice(
    `${downloaded.length} tables brought, ${removed.length} removed, ${failed.length} failed; ${tables} are here.`,
  );
}
