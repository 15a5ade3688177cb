import type { Connection } from '../connection/connection.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import type { HeldTable } from '../workspace/state.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { fetchFile } from './fetch-file.ts';
import { incomingOf } from './parts.ts';
import { bytesOf, filePath, missingFiles, type Plan, type WantedTable } from './plan.ts';
import type { SyncProgress } from './progress.ts';
import type { BeforeStep } from './steps.ts';
import type { SyncReport } from './sync-report.ts';

const parallelTables = 4;

/** What came of a plan: the tables that the workspace holds now, by SQL name, and how it went. */
export interface Brought extends Pick<SyncReport, 'downloaded' | 'failed'> {
  readonly tables: readonly HeldTable[];
}

/** How a plan is worked off. */
export interface Bringing {
  readonly workspace: Workspace;
  readonly plan: Plan;
  readonly progress: SyncProgress;
  readonly beforeStep: BeforeStep;
}

/** Brings the missing files of the plan's tables, some tables at once; a table that fails keeps what it held. */
export async function bringTables(connection: Connection, bringing: Bringing): Promise<Brought> {
  const { workspace, plan, progress } = bringing;
  const tables: HeldTable[] = await stillHeld(workspace, plan.postponed);
  const downloaded: SyncReport['downloaded'][number][] = [];
  const failures: SyncReport['failed'][number][] = [];
  const queue = [...plan.wanted];
  progress.start(plan.wanted.reduce((sum, { missing }) => sum + bytesOf(missing), 0));
  async function work(): Promise<void> {
    for (let table = queue.shift(); table; table = queue.shift()) {
      const { id, sqlName, alias, files, missing } = table;
      try {
        const sentBytes = await bringTable(connection, { ...bringing, table });
        tables.push({ id, sqlName, alias, files });
        if (missing.length === 0) continue;
        downloaded.push({ table: sqlName, bytes: bytesOf(missing), sentBytes });
        progress.table(sqlName, null);
      } catch (error) {
        if (endsAll(error)) throw error;
        const sentence = (error as Error).message;
        failures.push({ table: sqlName, error: sentence });
        progress.table(sqlName, sentence);
        tables.push(...(await stillHeld(workspace, [table])));
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: parallelTables }, work));
  } finally {
    progress.stop();
  }
  return {
    tables: tables.toSorted((left, right) => (left.sqlName < right.sqlName ? -1 : 1)),
    downloaded: downloaded.toSorted(byTable),
    failed: failures.toSorted(byTable),
  };
}

/** What the workspace held of these tables before, where it is still whole. */
async function stillHeld(workspace: Workspace, tables: readonly WantedTable[]): Promise<HeldTable[]> {
  const held: HeldTable[] = [];
  for (const { before } of tables) {
    if (before && (await missingFiles(workspace, before)).length === 0) held.push(before);
  }
  return held;
}

/** Resolves to how many bytes came over the line. */
async function bringTable(
  connection: Connection,
  { workspace, table, progress, beforeStep }: Bringing & { table: WantedTable },
): Promise<number> {
  const { before } = table;
  const relatives = before ? before.files.map((file) => filePath(workspace, before, file)) : [];
  let sent = 0;
  for (const file of table.missing) {
    await fetchFile({
      connection,
      table,
      file,
      path: filePath(workspace, table, file),
      incoming: incomingOf(workspace, table),
      relatives,
      onBytes: (count) => progress.bytes(count),
      onSent: (count) => (sent += count),
      beforeStep,
    });
  }
  return sent;
}

/** Whether no other table would fare better. */
function endsAll(error: unknown): boolean {
  return error instanceof CommandFailure && error.exitCode !== exitCodes.failed;
}

function byTable(left: { table: string }, right: { table: string }): number {
  return left.table < right.table ? -1 : 1;
}
