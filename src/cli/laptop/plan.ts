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

/** What a sync is asked to bring; what is no longer the person's goes in any case. */
export interface Selection {
  /** Only the tables with these SQL names; absent: all. */
  readonly tables?: readonly string[] | undefined;
  /** Nothing at all. */
  readonly pruneOnly?: true | undefined;
}

/** What a sync has to do. */
export interface Plan {
  readonly wanted: readonly WantedTable[];
  /** Not whole, and not asked for this time: they stay as they are. */
  readonly postponed: readonly WantedTable[];
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

/** The size of all these files. */
export function bytesOf(files: readonly HeldFile[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Compares what the server tells with what is on disk. Throws when a table is asked for that cannot come. */
export async function makePlan(
  workspace: Workspace,
  given: { state: WorkspaceState; tables: readonly ManifestTable[]; selection: Selection },
): Promise<Plan> {
  const { state, tables, selection } = given;
  refuseOthers(tables, selection);
  const held = new Map(state.tables.map((table) => [table.id, table]));
  const plan = { wanted: [] as WantedTable[], postponed: [] as WantedTable[] };
  for (const { isChosen, table } of tables) {
    if (!isChosen || table.files.length === 0) continue;
    const files = table.files.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes: Number(sizeBytes) }));
    const { id, sqlName, alias } = table;
    const missing = await missingFiles(workspace, { id, sqlName, alias, files });
    const wanted = { id, sqlName, alias, files, missing, before: held.get(id) ?? null };
    if (missing.length === 0 || isAsked(sqlName, selection)) plan.wanted.push(wanted);
    else plan.postponed.push(wanted);
    held.delete(id);
  }
  return { ...plan, removed: [...held.values()] };
}

function isAsked(sqlName: string, { tables, pruneOnly }: Selection): boolean {
  return !pruneOnly && (tables?.includes(sqlName) ?? true);
}

function refuseOthers(tables: readonly ManifestTable[], selection: Selection): void {
  for (const name of selection.tables ?? []) {
    const found = tables.find(({ table }) => table.sqlName === name);
    if (!found) throw failed(`There is no table ${name} that you may read; \`da tables list\` shows those there are.`);
    if (!found.isChosen) throw failed(`${name} is not among the tables you chose; \`da sync choose\` changes that.`);
    if (found.table.queryMode === 'REMOTE') {
      throw failed(`The rows of ${name} stay at its source; ask for them with \`da query\`.`);
    }
  }
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
