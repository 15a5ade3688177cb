import { extname } from 'node:path';
import type { ExportFormat } from '../../engine/statement-protocol.ts';
import type { GlobalOptions } from '../command.ts';
import { wrongUsage } from '../failure.ts';
import type { Format, FormatOptions, QueryFormat } from '../output/format-options.ts';
import { printRows } from '../output/print-rows.ts';
import { printNotice } from '../output/streams.ts';
import { findWorkspaceOrNone, openWorkspaceConnection } from '../workspace/open-workspace-connection.ts';
import { findWorkspace } from '../workspace/workspace.ts';
import { askServer } from './ask-server.ts';
import { askStatement, type AskedStatement } from './ask-statement.ts';
import { runHybrid } from './hybrid.ts';

export interface QueryOptions extends GlobalOptions, Omit<FormatOptions, 'format'> {
  readonly format?: QueryFormat;
  readonly output?: string;
  readonly remote?: true;
  readonly sql?: string;
  readonly file?: string;
  readonly stdin?: true;
  readonly registerBq?: readonly string[];
  readonly source?: string;
  readonly maxBytesBilled?: string;
  readonly limit?: number;
}

const limitUnlessGiven = 1000;

/**
 * Runs a statement in the workspace, or on the server where that is asked for or remotes are given, and prints its rows; that
 * there are more is told on stderr. With `output` all rows go to that file.
 */
export async function query(sql: string | undefined, options: QueryOptions): Promise<void> {
  if (options.output !== undefined) return writeFile(sql, { ...options, output: options.output });
  const asked = await askStatement({ ...options, argument: sql });
  const { format, ...given } = { ...options, format: options.format ?? asked.format };
  if (format === 'parquet') throw wrongUsage('Parquet is no text; name a file for it by --output.');
  const asks = { ...asked, ...given, format, limit: options.limit ?? asked.limit ?? limitUnlessGiven };
  const isLocal = !options.remote && asked.remotes.length === 0;
  const truncated = isLocal ? await runLocally(asks) : await runRemotely(asks);
  if (truncated === null) return;
  printNotice(`These are the first ${truncated} rows and there are more; raise --limit or narrow the statement.`);
}

type Asks = AskedStatement & Omit<QueryOptions, 'format'> & { format?: Format; limit: number };

/** Resolves to how many rows were printed when there are more of them. */
async function runLocally(asks: Asks): Promise<number | null> {
  const workspace = await findWorkspaceOrNone();
  if (!workspace) {
    throw wrongUsage(
      'This folder is in no workspace; make one with `da init <server>`, or ask the server by --remote.',
    );
  }
  // DuckDB takes its time to load, and is not needed for what the server answers.
  const { printLocally } = await import('../local/query-local.ts');
  const { truncated } = await printLocally(workspace, asks);
  return truncated ? asks.limit : null;
}

async function runRemotely(asks: Asks): Promise<number | null> {
  const connection = await openWorkspaceConnection(asks);
  const { statement, limit } = asks;
  const result =
    asks.remotes.length > 0 ? await runHybrid(connection, asks) : await askServer(connection, { statement, limit });
  printRows(result, asks);
  return result.truncated ? result.rowCount : null;
}

async function writeFile(sql: string | undefined, options: QueryOptions & { output: string }): Promise<void> {
  const { output } = options;
  if (options.remote || options.registerBq) {
    throw wrongUsage('--output is for local statements; `da export` writes what the server answers.');
  }
  if (options.limit !== undefined) {
    throw wrongUsage('--output takes every row; write LIMIT into the statement instead of --limit.');
  }
  const asked = await askStatement({ ...options, argument: sql });
  if (asked.remotes.length > 0 || asked.limit !== undefined) {
    throw wrongUsage('--output takes no "register_bq" and no "limit".');
  }
  const format = fileFormat(output, options.json ? 'json' : (options.format ?? asked.format));
  const workspace = await findWorkspace();
  const { writeLocally } = await import('../local/query-local.ts');
  const rows = await writeLocally(workspace, { statement: asked.statement, format, path: output });
  printNotice(`${output}: ${rows} rows.`);
}

function fileFormat(output: string, given: QueryFormat | undefined): ExportFormat {
  const format = given ?? extname(output).slice(1).toLowerCase();
  if (format === 'parquet' || format === 'csv' || format === 'ndjson') return format;
  if (given) throw wrongUsage(`A file is parquet, csv or ndjson; redirect stdout for ${given}.`);
  throw wrongUsage(`The name ${output} does not say what the file is to be; add --format parquet, csv or ndjson.`);
}
