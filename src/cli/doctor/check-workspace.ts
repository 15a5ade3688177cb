import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readEnvironment } from '../environment.ts';
import { CommandFailure } from '../failure.ts';
import { filePath, missingFiles } from '../laptop/plan.ts';
import { checkOf, type Check } from '../output/checks.ts';
import { readState, type HeldTable } from '../workspace/state.ts';
import type { Workspace } from '../workspace/workspace.ts';

const leastFreeBytes = 2 ** 30;

/** Whether a workspace holds what it says, and its database opens; `deep` reads every file and compares its hash. */
export async function checkWorkspace(workspace: Workspace, { deep }: { deep?: true }): Promise<Check[]> {
  const { folder } = workspace;
  const { tables, syncedAt } = await readState(workspace);
  const checks = [
    checkOf('workspace', syncedAt !== null, {
      found: `${folder}, ${tables.length} tables, synced at ${syncedAt}`,
      todo: `${folder} was never synced: da sync.`,
    }),
    await checkFiles(workspace, tables),
  ];
  if (deep) checks.push(await checkHashes(workspace, tables));
  checks.push(await checkDatabase(workspace, tables));
  const { bavail, bsize } = await statfs(folder);
  const gigabytes = ((bavail * bsize) / 2 ** 30).toFixed(1);
  const todo = `Only ${gigabytes} GiB are free; see what takes them: du -sh ${join(folder, '*')}`;
  checks.push(checkOf('disk', bavail * bsize >= leastFreeBytes, { found: `${gigabytes} GiB free`, todo }));
  return checks;
}

/** Whether nobody else may read the stored token. */
export async function checkTokenFile(): Promise<Check> {
  const file = join(readEnvironment().configFolder, 'config.json');
  const mode = await stat(file).then(
    (found) => found.mode & 0o777,
    () => null,
  );
  const isPrivate = mode === null || process.platform === 'win32' || (mode & 0o077) === 0;
  const found = mode === null ? 'no token is stored' : `${file} is readable by you only`;
  return checkOf('token file', isPrivate, { found, todo: `Others may read the token: chmod 600 ${file}` });
}

async function checkFiles(workspace: Workspace, tables: readonly HeldTable[]): Promise<Check> {
  const broken: string[] = [];
  for (const table of tables) if ((await missingFiles(workspace, table)).length > 0) broken.push(table.sqlName);
  const files = tables.reduce((sum, table) => sum + table.files.length, 0);
  const todo = `Files of ${broken.join(', ')} are missing or cut off: da sync.`;
  return checkOf('files', broken.length === 0, { found: `${files} are there in their length`, todo });
}

async function checkHashes(workspace: Workspace, tables: readonly HeldTable[]): Promise<Check> {
  const changed: string[] = [];
  for (const table of tables) {
    for (const file of table.files) {
      const path = filePath(workspace, table, file);
      if ((await hashOf(path)) !== file.sha256) changed.push(path);
    }
  }
  const todo = `The content is not what was synced; remove it and sync again: rm ${changed.join(' ')} && da sync`;
  return checkOf('hashes', changed.length === 0, { found: 'every file holds what was synced', todo });
}

async function hashOf(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
    return hash.digest('hex');
  } catch {
    return null;
  }
}

async function checkDatabase(workspace: Workspace, tables: readonly HeldTable[]): Promise<Check> {
  const { openLocalDatabase } = await import('../local/local-database.ts');
  try {
    const database = await openLocalDatabase(workspace);
    try {
      await database.prepare(tables.map(({ sqlName }) => sqlName).join(' '));
      const names = new Set(database.names);
      const absent = tables.filter(({ sqlName }) => !names.has(sqlName)).map(({ sqlName }) => sqlName);
      const todo = `It lacks ${absent.join(', ')}; make it anew: rm agnes.duckdb && da sync`;
      return checkOf('database', absent.length === 0, { found: 'agnes.duckdb opens and reads every table', todo });
    } finally {
      database.close();
    }
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    const again = 'If `da sync` does not mend it: rm agnes.duckdb && da sync';
    return checkOf('database', false, { found: '', todo: `${error.message} ${again}` });
  }
}
