import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection, type Connection } from '../connection/connection.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import { exitCodes, failed } from '../failure.ts';
import { printData, printJson, printNotice } from '../output/streams.ts';
import { visible } from '../output/visible.ts';
import { StartSync, TablesNamed, type SyncRun } from './documents.ts';
import { printReport, printTables } from './print-run.ts';
import { watchRun } from './watch-run.ts';

export interface StartSyncOptions extends GlobalOptions {
  readonly table?: readonly string[];
  readonly task?: readonly string[];
  readonly full?: true;
  readonly watch?: true;
  readonly json?: true;
}

/** Starts a run; with `watch` it follows it to its end, and the exit code tells how it ended. */
export async function startSync(source: string, options: StartSyncOptions): Promise<void> {
  const connection = await openConnection(options);
  const tables = options.table && (await Promise.all(options.table.map((name) => tableIdOf(connection, name))));
  const start = async () => {
    const input = { source, tables, tasks: options.task && [...options.task], fullRefresh: options.full };
    const result = await request(connection, StartSync, { input });
    return payloadOf(result.startSync, 'StartSyncPayload').run;
  };
  if (options.watch)
    return reportEnd(source, { run: await watchRun(connection, { source, start }), json: options.json });
  const run = await start();
  if (options.json) return printJson({ source, ...run });
  printNotice(`A sync of ${source} is queued; this is the id of its run:`);
  printData(`${visible(run.id)}\n`);
}

async function tableIdOf(connection: Connection, sqlName: string): Promise<string> {
  const tables = allItems(async (after) => (await request(connection, TablesNamed, { search: sqlName, after })).tables);
  for await (const table of tables) if (table.sqlName === sqlName) return table.id;
  throw failed(`There is no table ${sqlName}; \`da tables list\` shows those that you may read.`);
}

const exitCodeOf: Partial<Record<SyncRun['state'], number>> = {
  SUCCEEDED: exitCodes.done,
  PARTIAL: exitCodes.partlyDone,
};

function reportEnd(source: string, { run, json }: { run: SyncRun; json: true | undefined }): void {
  if (json) printJson({ ...run, source });
  else {
    printTables(run);
    printReport(run);
  }
  if (run.error) printNotice(run.error);
  process.exitCode = exitCodeOf[run.state] ?? exitCodes.failed;
}
