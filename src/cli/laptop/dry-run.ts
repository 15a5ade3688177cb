import type { Connection } from '../connection/connection.ts';
import { readState } from '../workspace/state.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { readManifest } from './manifest.ts';
import { bytesOf, makePlan, type Selection } from './plan.ts';

/** What a sync would do now. */
export interface SyncForecast {
  /** `bytes`: the files that are missing, of which less may have to come over the line. */
  readonly wouldDownload: readonly { readonly table: string; readonly bytes: number }[];
  readonly wouldRemove: readonly string[];
  readonly bytes: number;
}

/** Compares the workspace with the server and changes nothing. */
export async function foreseeSync(
  connection: Connection,
  { workspace, selection }: { workspace: Workspace; selection: Selection },
): Promise<SyncForecast> {
  const state = await readState(workspace);
  const { tables } = await readManifest(connection, null);
  const plan = await makePlan(workspace, { state, tables, selection });
  const missing = plan.wanted.filter((table) => table.missing.length > 0);
  return {
    wouldDownload: missing.map((table) => ({ table: table.sqlName, bytes: bytesOf(table.missing) })),
    wouldRemove: plan.removed.map(({ sqlName }) => sqlName),
    bytes: missing.reduce((sum, table) => sum + bytesOf(table.missing), 0),
  };
}
