import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isSafeName } from '../../engine/identifier.ts';
import { failed } from '../failure.ts';
import type { HeldFile, HeldTable, WorkspaceState } from '../workspace/state.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';
import type { ManifestTable } from './manifest.ts';

/** A table that a sync is to bring, and which of its files are not there. */
export interface WantedTable extends HeldTable {
  readonly missing: readonly HeldFile[];
  /** What the workspace holds of it so far; null: nothing. */
  readonly before: HeldTable | null;
}

/** What a sync has to do. */
export interface Plan {
  readonly wanted: readonly WantedTable[];
  /** Held, and no longer the person’s to hold, or no longer chosen. */
  readonly removed: readonly HeldTable[];
}

/** Where a file of a table is. Throws for a name that could lead elsewhere. */
export function filePath({ folder }: Workspace, table: Pick<HeldTable, 'sqlName'>, file: HeldFile): string {
  const [schema = '', name = '', ...rest] = table.sqlName.split('.');
  const isSafe = isSafeName(schema) && isSafeName(name) && rest.length === 0 && /^[0-9a-f]{64}$/.test(file.sha256);
  if (!isSafe)
    throw failed(`The server names a table in a way that is not understood: ${JSON.stringify(table.sqlName)}.`);
  return join(placesIn(folder).data, schema, name, `${file.sha256}.parquet`);
}

/** Compares what the server tells with what is on disk. */
export async function makePlan(
  workspace: Workspace,
  { state, tables }: { state: WorkspaceState; tables: readonly ManifestTable[] },
): Promise<Plan> {
  const held = new Map(state.tables.map((table) => [table.id, table]));
  const wanted: WantedTable[] = [];
  for (const { isChosen, table } of tables) {
    if (!isChosen || table.files.length === 0) continue;
    const files = table.files.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes: Number(sizeBytes) }));
    const { id, sqlName, alias } = table;
    const missing = await missingFiles(workspace, { id, sqlName, alias, files });
    wanted.push({ id, sqlName, alias, files, missing, before: held.get(id) ?? null });
    held.delete(id);
  }
  return { wanted, removed: [...held.values()] };
}

/** The files of a table that are not there in their whole length; two that are equal are one. */
export async function missingFiles(workspace: Workspace, table: HeldTable): Promise<HeldFile[]> {
  const missing = new Map<string, HeldFile>();
  for (const file of table.files) {
    const found = await lstat(filePath(workspace, table, file)).catch(() => null);
    if (!found?.isFile() || found.size !== file.sizeBytes) missing.set(file.sha256, file);
  }
  return [...missing.values()];
}
