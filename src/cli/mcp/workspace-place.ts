import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { quotePaths } from '../../engine/identifier.ts';
import { openStatementParser, type StatementParser } from '../../engine/statement-parser.ts';
import type { MetricFacts, Place, TableFacts } from '../../mcp/place.ts';
import { failed } from '../failure.ts';
import { filePath } from '../laptop/plan.ts';
import { readState, type HeldTable } from '../workspace/state.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';
import { asToolFailure } from './as-tool-failure.ts';
import { queryHere, versionHere } from './query-here.ts';

/**
 * A workspace as a place: what the last sync left, asked without a line to the server. Definitions of metrics, their runs and
 * reasons of access are not here, so `server` is asked for them.
 */
export function workspacePlace(workspace: Workspace, server: Place): Place {
  const here = <Result>(work: () => Promise<Result>): Promise<Result> =>
    work().catch((error: unknown) => {
      throw asToolFailure(error);
    });
  let parser: Promise<StatementParser> | undefined;
  return {
    kind: 'workspace',
    asOf: () => here(async () => (await readState(workspace)).syncedAt),
    tables: () => here(() => readTables(workspace)),
    table: (name) =>
      here(async () => {
        const tables = await readTables(workspace, (line) => line.table === name || line.alias === name);
        return tables.find(({ table }) => table === name) ?? tables[0] ?? null;
      }),
    metrics: ({ category }) => here(() => readMetrics(workspace, category)),
    metric: (id, signal) => server.metric(id, signal),
    runMetric: (run, signal) => server.runMetric(run, signal),
    query: (asked, signal) =>
      here(async () => {
        parser ??= openStatementParser();
        return queryHere(workspace, { ...asked, signal, parser: await parser });
      }),
    explainAccess: (name, signal) => server.explainAccess(name, signal),
  };
}

/** One line of `data/tables.ndjson`, as the guide writes it. */
interface TableLine {
  readonly table: string;
  readonly alias?: string;
  readonly description?: string;
  readonly kept?: string;
  readonly columns: readonly (readonly [name: string, type: string, description?: string])[];
}

async function readTables(
  workspace: Workspace,
  wanted: (line: TableLine) => boolean = () => true,
): Promise<TableFacts[]> {
  const { tables: held } = await readState(workspace);
  const bySqlName = new Map(held.map((table) => [table.sqlName, table]));
  const lines = (await readLines<TableLine>(workspace, 'tables.ndjson')).filter(wanted);
  const counts = await countRows(
    workspace,
    lines.flatMap(({ table }) => bySqlName.get(table) ?? []),
  );
  return lines.map(({ table, alias, description, kept, columns }) => {
    const here = bySqlName.get(table);
    return {
      table,
      alias: alias ?? null,
      description: description ?? null,
      rowsAt: here ? 'workspace' : kept ? 'source' : 'server',
      rows: counts.get(table) ?? null,
      version: here ? versionHere(here) : null,
      publishedAt: null,
      columns: columns.map(([name, type, told]) => ({ name, type, ...(told && { description: told }) })),
    };
  });
}

async function readMetrics(workspace: Workspace, category: string | undefined): Promise<MetricFacts[]> {
  const lines = await readLines<Partial<MetricFacts> & Pick<MetricFacts, 'metric' | 'displayName'>>(
    workspace,
    'metrics.ndjson',
  );
  return lines
    .filter(({ metric }) => category === undefined || metric.split('/')[0] === category)
    .map(({ metric, displayName, description = null, unit = null, tableName = null }) => ({
      metric,
      displayName,
      description,
      unit,
      tableName,
    }));
}

async function readLines<Line>({ folder }: Workspace, file: string): Promise<Line[]> {
  try {
    const text = await readFile(join(placesIn(folder).data, file), 'utf8');
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Line);
  } catch {
    throw failed(`data/${file} cannot be read; \`da sync\` brings it.`);
  }
}

/** Rows by SQL name; a table whose files are not whole has no count. */
async function countRows(workspace: Workspace, tables: readonly HeldTable[]): Promise<Map<string, string>> {
  const counts = new Map<string, string>();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const table of tables) {
      if (table.files.length === 0) continue;
      const paths = quotePaths(table.files.map((file) => filePath(workspace, table, file)));
      const footers = `SELECT coalesce(sum(num_rows), 0)::VARCHAR FROM parquet_file_metadata(${paths})`;
      const reader = await connection.runAndReadAll(footers).catch(() => null);
      const [count] = reader?.getRows()[0] ?? [];
      if (typeof count === 'string') counts.set(table.sqlName, count);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return counts;
}
