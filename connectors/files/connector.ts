import { extname } from 'node:path';
import type { Connector, ConnectorContext, CsvFormat, ExtractTable, TableSink } from '../contract.ts';
import { allowedRootsVariable, openFile, openFolder } from './allowed-path.ts';
import { sourceConfig, tableOptions, type FilesSource, type FilesTable } from './config.ts';
import { discoverFiles } from './discover.ts';

/** CSV and Parquet files in a folder of this machine. */
export const connector: Connector<FilesSource, FilesTable> = {
  kind: 'files',
  displayName: 'Files',
  description: 'CSV and Parquet files in a folder of the server.',
  environment: [allowedRootsVariable],
  sourceConfig,
  tableOptions,

  async check(context) {
    await openSource(context);
  },

  async discover(context) {
    return discoverFiles(await openSource(context), context.signal);
  },

  async extract(context, table, sink) {
    const folder = await openSource(context);
    const path = await openFile(folder, table.options.path);
    context.signal.throwIfAborted();
    await readInto(sink, table, path);
  },
};

async function openSource(context: ConnectorContext<FilesSource>): Promise<string> {
  context.signal.throwIfAborted();
  const folder = await openFolder(context.config.folder, context.readEnv(allowedRootsVariable));
  context.signal.throwIfAborted();
  return folder;
}

function readInto(sink: TableSink, table: ExtractTable<FilesTable>, path: string): Promise<void> {
  const { path: name, format = formatOf(table.options.path), ...csv } = table.options;
  return format === 'csv' ? sink.csv({ path, name }, csv satisfies CsvFormat) : sink.parquet({ path, name });
}

function formatOf(path: string): 'csv' | 'parquet' {
  const extension = extname(path).toLowerCase();
  if (extension === '.csv') return 'csv';
  if (extension === '.parquet') return 'parquet';
  throw new Error(`The format of ${path} cannot be told from its name; set the option format to csv or parquet.`);
}
