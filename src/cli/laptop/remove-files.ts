import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeldTable } from '../workspace/state.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';
import { filePath } from './plan.ts';

const contentName = /^[0-9a-f]{64}\.parquet$/;

/** Removes from `data/` every file named by content that none of these tables has, and the folders that are empty then. */
export async function removeOtherFiles(workspace: Workspace, tables: readonly HeldTable[]): Promise<void> {
  const kept = new Set(tables.flatMap((table) => table.files.map((file) => filePath(workspace, table, file))));
  const { data } = placesIn(workspace.folder);
  for (const schema of await foldersIn(data)) {
    for (const table of await foldersIn(schema)) {
      for (const name of await readdir(table)) {
        const path = join(table, name);
        if (contentName.test(name) && !kept.has(path)) await rm(path);
      }
      await removeWhenEmpty(table);
    }
    await removeWhenEmpty(schema);
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

async function removeWhenEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => {});
}
