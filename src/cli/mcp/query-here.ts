import type { StatementParser } from '../../engine/statement-parser.ts';
import { contentVersion } from '../../kernel/content-version.ts';
import type { Rows } from '../../mcp/place.ts';
import { openLocalDatabase } from '../local/local-database.ts';
import { localFailure } from '../local/local-failure.ts';
import { startLocalRows } from '../local/local-rows.ts';
import { readState, type HeldTable } from '../workspace/state.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** A program that is told what to ask by others reads neither `.env` in the workspace nor what da remembers there. */
const readableFolders = ['data', 'work', 'notes'];

/** The first `limit` rows of one SELECT on the workspace’s tables, and which of them it read; throws a `CommandFailure`. */
export async function queryHere(
  workspace: Workspace,
  given: { statement: string; limit: number; signal: AbortSignal; parser: StatementParser },
): Promise<Rows> {
  const { statement, limit, signal, parser } = given;
  // Before the database: were a sync to change it in between, an old version would be told, never one that was not read.
  const { tables } = await readState(workspace);
  const database = await openLocalDatabase(workspace, { folders: readableFolders });
  const stop = (): void => database.connection.interrupt();
  signal.addEventListener('abort', stop);
  try {
    const named = namesIn(await parser.parse(statement));
    await database.prepare(statement);
    const answer = await startLocalRows(database.connection, { statement, limit });
    const rows: unknown[][] = [];
    for await (const row of answer.rows) rows.push(row);
    const synced = new Set(database.syncedNames.map((name) => name.toLowerCase()));
    const isRead = (name: string): boolean => named.has(name.toLowerCase()) && synced.has(name.toLowerCase());
    const reads = tables
      .filter(({ sqlName, alias }) => isRead(sqlName) || (alias !== null && isRead(alias)))
      .map((table) => ({ sqlName: table.sqlName, version: versionHere(table), publishedAt: null }));
    return { place: 'workspace', columns: answer.columns, rows, truncated: answer.truncated, reads };
  } catch (error) {
    throw localFailure(error, database);
  } finally {
    signal.removeEventListener('abort', stop);
    database.close();
  }
}

/** Names what the workspace holds of the table, as the server would. */
export function versionHere({ files }: HeldTable): string | null {
  return files.length === 0 ? null : contentVersion(files.map(({ sha256 }) => sha256));
}

/** The names of tables in the tree of a statement, in small letters; none that the statement itself defines. */
function namesIn(root: unknown): Set<string> {
  const tables = new Set<string>();
  const defined = new Set<string>();
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    const { type, schema_name: schema, table_name: table, cte_map: ctes } = node as Record<string, unknown>;
    if (type === 'BASE_TABLE') tables.add([schema, table].filter(Boolean).join('.').toLowerCase());
    for (const { key } of (ctes as { map?: { key: string }[] } | undefined)?.map ?? []) defined.add(key.toLowerCase());
    waiting.push(...Object.values(node).filter((value) => value !== null && value !== undefined));
  }
  return new Set([...tables].filter((name) => !defined.has(name)));
}
