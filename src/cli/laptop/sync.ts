import type { GlobalOptions } from '../command.ts';
import { openConnection, type Connection } from '../connection/connection.ts';
import { readEnvironment } from '../environment.ts';
import { exitCodes, wrongUsage } from '../failure.ts';
import { printData, printJson } from '../output/streams.ts';
import { printUploadPlan, printUploadReport } from '../uploads/print-uploads.ts';
import type { UploadPlan } from '../uploads/plan-uploads.ts';
import { foreseeUploads, sendFiles, type UploadReport } from '../uploads/send-files.ts';
import { readUploadSettings } from '../uploads/upload-settings.ts';
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
  readonly upload?: true;
  readonly uploadOnly?: true;
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
  const report = options.uploadOnly
    ? null
    : await syncLaptop(connection, { workspace, selection, progress: await createProgress(options) });
  if (report && !options.json) printReport(report, options);
  const uploads = (await sendsFiles(workspace, options)) ? await upload(connection, { workspace, options }) : null;
  const told = { ...report, ...(uploads && { uploads }) };
  if (options.json && options.watch) printData(`${JSON.stringify(told)}\n`);
  else if (options.json) printJson(told);
  const failures = (report?.failed.length ?? 0) + (uploads?.failed.length ?? 0);
  process.exitCode = failures > 0 ? exitCodes.partlyDone : exitCodes.done;
}

/** Files go only when the analyst said so: now, or once for every whole sync. */
async function sendsFiles(workspace: Workspace, options: SyncOptions): Promise<boolean> {
  if (options.upload || options.uploadOnly) return true;
  return !options.table && !options.pruneOnly && (await readUploadSettings(workspace)).on;
}

async function upload(
  connection: Connection,
  { workspace, options }: Pick<Asked, 'workspace' | 'options'>,
): Promise<UploadReport> {
  const silently = options.quiet || options.json;
  const tell = (plan: UploadPlan) => void (silently || printUploadPlan(plan, { verb: 'are sent' }));
  const report = await sendFiles(connection, { workspace, tell });
  if (!options.json) printUploadReport(report, options);
  return report;
}

async function foresee(connection: Connection, { workspace, selection, options }: Asked): Promise<void> {
  const forecast = options.uploadOnly ? null : await foreseeSync(connection, { workspace, selection });
  const plan = (await sendsFiles(workspace, options)) ? await foreseeUploads(connection, workspace) : null;
  if (options.json) return printJson({ ...forecast, ...(plan && { uploads: uploadForecast(plan) }) });
  if (forecast) printForecast(forecast);
  if (plan) printUploadPlan(plan, { verb: 'would be sent' });
}

function uploadForecast({ toSend, failed, leftOut }: UploadPlan) {
  const wouldSend = toSend.map(({ name, sizeBytes }) => ({ file: name, bytes: sizeBytes }));
  return { wouldSend, bytes: wouldSend.reduce((sum, { bytes }) => sum + bytes, 0), failed, leftOut };
}

function refuseContradictions({ dryRun, table, pruneOnly, watch, uploadOnly }: SyncOptions): void {
  if (uploadOnly && (table || pruneOnly || watch))
    throw wrongUsage('--upload-only brings nothing; leave the others away.');
  if (pruneOnly && table) throw wrongUsage('--prune-only brings no table; leave --table away, or --prune-only.');
  if (dryRun && watch) throw wrongUsage('--dry-run tells once what would be done; leave --watch away, or --dry-run.');
}
