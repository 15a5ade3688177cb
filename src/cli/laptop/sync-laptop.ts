import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../connection/connection.ts';
import { withLock } from '../connection/lock-file.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { readState, writeState, type HeldTable, type WorkspaceState } from '../workspace/state.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';
import { fetchFile } from './fetch-file.ts';
import { readManifest } from './manifest.ts';
import { filePath, makePlan, missingFiles, type Plan, type WantedTable } from './plan.ts';
import { publishViews } from './publish-views.ts';
import { removeOtherFiles } from './remove-files.ts';

/** What one sync did. */
export interface SyncReport {
  /** Nothing had changed, and everything was there. */
  readonly unchanged: boolean;
  readonly downloaded: readonly { readonly table: string; readonly bytes: number; readonly sentBytes: number }[];
  /** Tables that are no longer on this laptop. */
  readonly removed: readonly string[];
  readonly failed: readonly { readonly table: string; readonly error: string }[];
  /** How many tables the workspace holds now. */
  readonly tables: number;
}

/** What a sync tells while it runs. */
export interface SyncProgress {
  start(totalBytes: number): void;
  bytes(count: number): void;
  table(sqlName: string, error: string | null): void;
  stop(): void;
}

const lockMilliseconds = 3_600_000;
const parallelTables = 4;

/**
 * Brings the workspace in step with the server: what the person may have and wants is there, whole and hashed, and nothing
 * else. A table that fails keeps what it held. Killed anywhere, the workspace is as it was or as it is to be, table by table,
 * and the next sync goes on.
 */
export async function syncLaptop(
  connection: Connection,
  { workspace, progress }: { workspace: Workspace; progress: SyncProgress },
): Promise<SyncReport> {
  const lock = {
    path: placesIn(workspace.folder).lock,
    holderDoes: 'syncs this workspace',
    longestWaitMilliseconds: 0,
    staleMilliseconds: lockMilliseconds,
  };
  return withLock(lock, () => syncLocked(connection, { workspace, progress }));
}

async function syncLocked(
  connection: Connection,
  { workspace, progress }: { workspace: Workspace; progress: SyncProgress },
): Promise<SyncReport> {
  const state = await readState(workspace);
  const since = (await isWhole(workspace, state)) ? state.version : null;
  const manifest = await readManifest(connection, since);
  const syncedAt = new Date().toISOString();
  if (manifest.unchanged) {
    await writeState(workspace, { ...state, syncedAt });
    return { unchanged: true, downloaded: [], removed: [], failed: [], tables: state.tables.length };
  }
  const plan = await makePlan(workspace, { state, tables: manifest.tables });
  const { tables, downloaded, failures } = await bringTables(connection, { workspace, plan, progress });
  await publishViews(workspace, tables);
  await writeState(workspace, { version: failures.length > 0 ? null : manifest.version, tables, syncedAt });
  await removeOtherFiles(workspace, tables);
  if (failures.length === 0) await rm(placesIn(workspace.folder).incoming, { recursive: true, force: true });
  return {
    unchanged: false,
    downloaded,
    removed: plan.removed.map(({ sqlName }) => sqlName),
    failed: failures,
    tables: tables.length,
  };
}

/** Whether everything is on disk that the state tells of. */
async function isWhole(workspace: Workspace, state: WorkspaceState): Promise<boolean> {
  const names = await readdir(workspace.folder);
  if (!names.includes('agnes.duckdb')) return false;
  for (const table of state.tables) if ((await missingFiles(workspace, table)).length > 0) return false;
  return true;
}

async function bringTables(
  connection: Connection,
  { workspace, plan, progress }: { workspace: Workspace; plan: Plan; progress: SyncProgress },
) {
  const tables: HeldTable[] = [];
  const downloaded: SyncReport['downloaded'][number][] = [];
  const failures: SyncReport['failed'][number][] = [];
  const queue = [...plan.wanted];
  progress.start(plan.wanted.flatMap(({ missing }) => missing).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  async function work(): Promise<void> {
    for (let table = queue.shift(); table; table = queue.shift()) {
      const { id, sqlName, alias, files, missing, before } = table;
      try {
        const sentBytes = await bringTable(connection, { workspace, table, progress });
        tables.push({ id, sqlName, alias, files });
        if (missing.length === 0) continue;
        downloaded.push({
          table: sqlName,
          bytes: missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
          sentBytes,
        });
        progress.table(sqlName, null);
      } catch (error) {
        if (endsAll(error)) throw error;
        const sentence = (error as Error).message;
        failures.push({ table: sqlName, error: sentence });
        progress.table(sqlName, sentence);
        if (before && (await missingFiles(workspace, before)).length === 0) tables.push(before);
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: parallelTables }, work));
  } finally {
    progress.stop();
  }
  return {
    tables: tables.toSorted(byName),
    downloaded: downloaded.toSorted(byTable),
    failures: failures.toSorted(byTable),
  };
}

async function bringTable(
  connection: Connection,
  { workspace, table, progress }: { workspace: Workspace; table: WantedTable; progress: SyncProgress },
): Promise<number> {
  const relatives = (table.before?.files ?? []).map((file) => filePath(workspace, table.before!, file));
  let sent = 0;
  for (const file of table.missing) {
    sent += await fetchFile({
      connection,
      table,
      file,
      path: filePath(workspace, table, file),
      incoming: join(placesIn(workspace.folder).incoming, table.sqlName),
      relatives,
      onBytes: (count) => progress.bytes(count),
    });
  }
  return sent;
}

/** Whether no other table would fare better. */
function endsAll(error: unknown): boolean {
  return error instanceof CommandFailure && error.exitCode !== exitCodes.failed;
}

function byName(left: HeldTable, right: HeldTable): number {
  return left.sqlName < right.sqlName ? -1 : 1;
}

function byTable(left: { table: string }, right: { table: string }): number {
  return left.table < right.table ? -1 : 1;
}
