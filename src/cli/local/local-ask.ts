import type { Rows } from '../output/rows.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { openLocalDatabase } from './local-database.ts';
import { localFailure } from './local-failure.ts';
import { startLocalRows } from './local-rows.ts';

/** Opens the workspace’s database for small questions, each answered as a whole. */
export async function openLocalAsk(workspace: Workspace) {
  const database = await openLocalDatabase(workspace);
  return {
    async ask(statement: string, limit: number): Promise<Rows> {
      try {
        await database.prepare(statement);
        const answer = await startLocalRows(database.connection, { statement, limit });
        const rows: unknown[][] = [];
        for await (const row of answer.rows) rows.push(row);
        return { columns: answer.columns, rows };
      } catch (error) {
        throw localFailure(error, database);
      }
    },
    close: () => database.close(),
  };
}
