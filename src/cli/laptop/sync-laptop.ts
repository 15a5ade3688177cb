import type { Connection } from '../connection/connection.ts';
import { withLock } from '../connection/lock-file.ts';
import { CommandFailure, failed } from '../failure.ts';
import { sha256OfFile } from '../workspace/hash-file.ts';
import { readState, writeState, type HeldTable, type WorkspaceState } from '../workspace/state.ts';
import { syncLock } from '../workspace/sync-lock.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';
import { moveDurably } from '../workspace/write-durably.ts';
import { bringTables } from './bring-tables.ts';
import { guideOf, holdsGuide, writeGuide } from './guide.ts';
import { readManifest } from './manifest.ts';
import { removeOtherParts } from './parts.ts';
import { makePlan, missingFiles, type Selection } from './plan.ts';
import type { SyncProgress } from './progress.ts';
import { draftViews } from './publish-views.ts';
import { removeOtherFiles } from './remove-files.ts';
import { databaseState, rescueDatabase } from './rescue-database.ts';
import type { BeforeStep } from './steps.ts';
import type { SyncReport } from './sync-report.ts';

/** One sync of a workspace. */
export interface LaptopSync {
  readonly workspace: Workspace;
  readonly progress: SyncProgress;
  readonly selection?: Selection;
  readonly beforeStep?: BeforeStep;
}

/**
 * Brings the workspace in step with the server: what the person may have and wants is there, whole and hashed, and nothing
 * else. A table that fails keeps what it held. Killed anywhere, the views are those of before or of after, and the next sync
 * goes on. Throws at once while another sync of the workspace runs.
 */
export async function syncLaptop(
  connection: Connection,
  { workspace, progress, selection = {}, beforeStep = () => {} }: LaptopSync,
): Promise<SyncReport> {
  try {
    return await withLock(syncLock(workspace), () =>
      syncLocked(connection, { workspace, progress, selection, beforeStep }),
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof CommandFailure || typeof code !== 'string') throw error;
    throw failed(`The workspace cannot be written (${message}); run \`da sync\` again when that is mended.`);
  }
}

async function syncLocked(connection: Connection, sync: Required<LaptopSync>): Promise<SyncReport> {
  const { workspace, selection, beforeStep } = sync;
  const state = await readState(workspace);
  const since = selection.tables || !(await isWhole(workspace, state)) ? null : state.version;
  const manifest = await readManifest(connection, since);
  const syncedAt = new Date().toISOString();
  if (manifest.unchanged) {
    await writeState(workspace, { ...state, syncedAt });
    return { unchanged: true, downloaded: [], removed: [], failed: [], tables: state.tables.length, rescued: null };
  }
  const plan = await makePlan(workspace, { state, tables: manifest.tables, selection });
  await removeOtherParts(workspace, [...plan.wanted, ...plan.postponed]);
  const { tables, ...brought } = await bringTables(connection, { ...sync, plan });
  const { rescued, database } = await publish(sync, { state, tables });
  await beforeStep('write guide');
  const guide = guideOf(manifest, { server: workspace.server, held: tables });
  await writeGuide(workspace, guide);
  await beforeStep('remove files');
  await removeOtherFiles(workspace, tables);
  const isWholeNow = brought.failed.length === 0 && plan.postponed.length === 0;
  await beforeStep('remember');
  await writeState(workspace, {
    version: isWholeNow ? manifest.version : null,
    tables,
    syncedAt,
    folder: workspace.folder,
    databases: [database],
    guide: guide.sha256,
  });
  const removed = plan.removed.map(({ sqlName }) => sqlName);
  return { unchanged: false, ...brought, removed, tables: tables.length, rescued };
}

/** Puts the views over these tables in the place of those before; from then on the state of before counts no more. */
async function publish(
  { workspace, beforeStep }: Required<LaptopSync>,
  { state, tables }: { state: WorkspaceState; tables: readonly HeldTable[] },
): Promise<{ rescued: string | null; database: string }> {
  await beforeStep('write views');
  const draft = await draftViews(workspace, tables);
  const database = await sha256OfFile(draft);
  await beforeStep('remember');
  await writeState(workspace, { ...state, version: null, databases: [...state.databases, database] });
  const rescued = await rescueDatabase(workspace, state);
  await beforeStep('place views');
  await moveDurably(draft, placesIn(workspace.folder).database);
  return { rescued, database };
}

/** Whether everything is on disk as the last sync left it. */
async function isWhole(workspace: Workspace, state: WorkspaceState): Promise<boolean> {
  if (state.folder !== workspace.folder || (await databaseState(workspace, state)) !== 'ours') return false;
  for (const table of state.tables) if ((await missingFiles(workspace, table)).length > 0) return false;
  return holdsGuide(workspace, state.guide);
}
