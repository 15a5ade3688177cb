import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { writeStatement } from '../../engine/statement-file.ts';
import { openStatementParser } from '../../engine/statement-parser.ts';
import type { ExportFormat } from '../../engine/statement-protocol.ts';
import { failed } from '../failure.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printRowStream } from '../output/print-rows.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { moveDurably } from '../workspace/write-durably.ts';
import { interruptible } from './interruptible.ts';
import { openLocalDatabase } from './local-database.ts';
import { localFailure } from './local-failure.ts';
import { startLocalRows } from './local-rows.ts';

/** Prints the first `limit` rows of a statement on the workspace’s tables; resolves to whether there are more. */
export async function printLocally(
  workspace: Workspace,
  { statement, limit, ...options }: FormatOptions & { statement: string; limit: number },
): Promise<{ truncated: boolean }> {
  const database = await openLocalDatabase(workspace);
  try {
    return await interruptible(database.connection, {
      async work() {
        await database.prepare(statement);
        const answer = await startLocalRows(database.connection, { statement, limit });
        await printRowStream(answer, options);
        return { truncated: answer.truncated };
      },
      close: () => database.close(),
    });
  } catch (error) {
    throw localFailure(error, database);
  }
}

/**
 * Writes every row of a statement to `path`, a chunk at a time, so that it may be larger than memory; `path` is replaced by
 * the whole file or left as it was. Resolves to the number of rows.
 */
export async function writeLocally(
  workspace: Workspace,
  { statement, format, path }: { statement: string; format: ExportFormat; path: string },
): Promise<number> {
  const target = resolve(path);
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  const database = await openLocalDatabase(workspace, { writable: [draft] });
  try {
    return await interruptible(database.connection, {
      async work() {
        await database.prepare(statement);
        await makeDraft(draft, path);
        const parser = await openStatementParser();
        const tree = await parser.parse(statement);
        const { rowCount } = await writeStatement(database.connection, {
          statement,
          tree,
          parser,
          format,
          path: draft,
        });
        const file = await open(draft, 'r+');
        await file.sync();
        await file.close();
        await moveDurably(draft, target);
        return rowCount;
      },
      close: () => database.close(),
      cleanUp: () => rm(draft, { force: true }),
    });
  } catch (error) {
    throw localFailure(error, database);
  }
}

async function makeDraft(draft: string, path: string): Promise<void> {
  try {
    await (await open(draft, 'wx', 0o666)).close();
  } catch (error) {
    throw failed(`${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}
