import type { GlobalOptions } from '../command.ts';
import { openConnection, type Connection } from '../connection/connection.ts';
import { readEnvironment } from '../environment.ts';
import { exitCodes, wrongUsage } from '../failure.ts';
import { printData, printJson } from '../output/streams.ts';
import { findWorkspace, type Workspace } from '../workspace/workspace.ts';
import { foreseeSync } from './dry-run.ts';
import type { Selection } from './plan.ts';
import { printForecast, printReport } from './print-report.ts';
import { createProgress } from './progress.ts';
import { syncLaptop } from './sync-laptop.ts';
import { watchServer } from './watch-server.ts';

export interface SyncOptions extends GlobalOptions {
  readonly dryRun?: true;
  readonly table?: readonly string[];
  readonly pruneOnly?: true;
  readonly watch?: true;
  readonly quiet?: true;
  readonly json?: true;
}

/** Syncs the workspace that this folder is in; exits with 5 when tables failed. */
export async function sync(options: SyncOptions): Promise<void> {
  refuseContradictions(options);
  const workspace = await findWorkspace();
  const connection = await openConnectionOf(workspace, options);
  const selection = { tables: options.table, pruneOnly: options.pruneOnly };
  if (options.dryRun) return foresee(connection, { workspace, selection, options });
  if (!options.watch) return syncOnce(connection, { workspace, selection, options });
  await watchServer(connection, () => syncOnce(connection, { workspace, selection, options }));
}

/** The connection to the server of the workspace; throws when another one is named. */
export async function openConnectionOf(workspace: Workspace, options: GlobalOptions): Promise<Connection> {
  const server = options.server ?? readEnvironment().server ?? workspace.server;
  const connection = await openConnection({ ...options, server });
  if (connection.server === workspace.server) return connection;
  throw wrongUsage(`This workspace belongs to ${workspace.server}; go to another one for ${connection.server}.`);
}

interface Asked {
  readonly workspace: Workspace;
  readonly selection: Selection;
  readonly options: SyncOptions;
}

async function syncOnce(connection: Connection, { workspace, selection, options }: Asked): Promise<void> {
  const report = await syncLaptop(connection, { workspace, selection, progress: await createProgress(options) });
  if (!options.json) printReport(report, options);
  else if (options.watch) printData(`${JSON.stringify(report)}\n`);
  else printJson(report);
  process.exitCode = report.failed.length > 0 ? exitCodes.partlyDone : exitCodes.done;
}

async function foresee(connection: Connection, { workspace, selection, options }: Asked): Promise<void> {
  const forecast = await foreseeSync(connection, { workspace, selection });
  if (options.json) printJson(forecast);
  else printForecast(forecast);
}

function refuseContradictions({ dryRun, table, pruneOnly, watch }: SyncOptions): void {
  if (pruneOnly && table) throw wrongUsage('--prune-only brings no table; leave --table away, or --prune-only.');
  if (dryRun && watch) throw wrongUsage('--dry-run tells once what would be done; leave --watch away, or --dry-run.');
}
