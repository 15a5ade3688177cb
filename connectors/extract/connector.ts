import { join } from 'node:path';
import { allowedRootsVariable, openFolder } from '../allowed-path.ts';
import type { Connector, ConnectorContext } from '../contract.ts';
import { isSafeTable, sourceConfig, tableOptions, type ExtractOptions, type ExtractSource } from './config.ts';
import { withExtract } from './extract-process.ts';
import type { ExtractDatabase, MetaRow } from './extract-protocol.ts';
import { noMeta, planTable } from './plan-table.ts';
import { openViewFiles } from './view-files.ts';

/** A directory that an extractor of the predecessor wrote: `extract.duckdb`, and Parquet files below `data/`. */
export const connector: Connector<ExtractSource, ExtractOptions> = {
  kind: 'extract',
  displayName: 'Extract directory',
  description:
    'Tables of a directory with extract.duckdb and Parquet files, as extractors of the predecessor write it.',
  environment: [allowedRootsVariable],
  sourceConfig,
  tableOptions,

  async check(context) {
    await listTables(context);
  },

  async discover(context) {
    const { database, rows } = await listTables(context);
    const names = new Set<string>();
    return rows.flatMap((row) => {
      const name = row.name.toLowerCase();
      if (!isSafeTable(row.name) || names.has(name)) return [];
      names.add(name);
      const description = describeRow(database, row);
      return [{ name, ...(description === '' ? {} : { description }), options: { table: row.name } }];
    });
  },

  async extract(context, { options }, sink) {
    const folder = await openSource(context);
    const target = join(await sink.scratchFolder(), 'table.parquet');
    const plan = await withExtract({ folder, signal: context.signal, target }, async ({ database, copy }) => {
      const planned = planTable(database, options.table);
      if ('remote' in planned) return planned;
      if ('viewPaths' in planned) return { files: await openViewFiles(folder, planned.viewPaths) };
      await copy(planned.relation);
      return { files: [{ path: target, name: `${options.table} in extract.duckdb` }] };
    });
    context.signal.throwIfAborted();
    if ('remote' in plan) return plan;
    await sink.parquet(plan.files);
  },
};

async function openSource(context: ConnectorContext<ExtractSource>): Promise<string> {
  context.signal.throwIfAborted();
  const folder = await openFolder(context.config.folder, context.readEnv(allowedRootsVariable));
  context.signal.throwIfAborted();
  return folder;
}

async function listTables(
  context: ConnectorContext<ExtractSource>,
): Promise<{ database: ExtractDatabase; rows: MetaRow[] }> {
  const folder = await openSource(context);
  const database = await withExtract({ folder, signal: context.signal }, (extract) =>
    Promise.resolve(extract.database),
  );
  if (database.meta === null) throw new Error(noMeta);
  return { database, rows: database.meta };
}

/** What the extract says of a table, and why it cannot be read when that is known already. */
function describeRow(database: ExtractDatabase, row: MetaRow): string {
  try {
    planTable(database, row.name);
    return row.description ?? '';
  } catch (error) {
    return [row.description ?? '', (error as Error).message].filter(Boolean).join(' ');
  }
}
