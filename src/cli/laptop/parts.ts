import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeldFile } from '../workspace/state.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';
import type { WantedTable } from './plan.ts';

/** Where the files of a table grow. */
export function incomingOf({ folder }: Workspace, { sqlName }: Pick<WantedTable, 'sqlName'>): string {
  return join(placesIn(folder).incoming, sqlName);
}

/** Where one file grows. */
export function partPath(incoming: string, { sha256 }: HeldFile): string {
  return join(incoming, `${sha256}.part`);
}

/** Removes the parts of files that nobody wants any more: of older versions, and of tables that are gone. */
export async function removeOtherParts(workspace: Workspace, wanted: readonly WantedTable[]): Promise<void> {
  const { incoming } = placesIn(workspace.folder);
  const kept = new Set(
    wanted.flatMap((table) => table.missing.map((file) => partPath(incomingOf(workspace, table), file))),
  );
  for (const folder of await readdir(incoming).catch(() => [])) {
    const paths = (await readdir(join(incoming, folder)).catch(() => [])).map((name) => join(incoming, folder, name));
    for (const path of paths) if (!kept.has(path)) await rm(path, { recursive: true, force: true });
    if (!paths.some((path) => kept.has(path))) await rm(join(incoming, folder), { recursive: true, force: true });
  }
}
