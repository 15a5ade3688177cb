import { access, chmod, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFile } from '../workspace/hash-file.ts';
import type { WorkspaceState } from '../workspace/state.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';

/** Whether `agnes.duckdb` is as a sync left it, `gone`, or `changed` by somebody. */
export async function databaseState(
  { folder }: Workspace,
  state: WorkspaceState,
): Promise<'ours' | 'gone' | 'changed'> {
  const { database } = placesIn(folder);
  if (!(await exists(database))) return 'gone';
  if (await exists(`${database}.wal`)) return 'changed';
  return state.databases.includes(await sha256OfFile(database)) ? 'ours' : 'changed';
}

/**
 * Moves an `agnes.duckdb` in which somebody made something to `work/`, where no sync touches it; resolves to its new path below
 * the workspace, or to null when nobody has changed it.
 */
export async function rescueDatabase(workspace: Workspace, state: WorkspaceState): Promise<string | null> {
  if ((await databaseState(workspace, state)) !== 'changed') return null;
  const { database, work } = placesIn(workspace.folder);
  const name = `rescued-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}.duckdb`;
  const rescued = join(work, name);
  await mkdir(work, { recursive: true });
  if (await exists(`${database}.wal`)) await rename(`${database}.wal`, `${rescued}.wal`);
  await rename(database, rescued);
  await chmod(rescued, 0o644);
  return join('work', name);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
