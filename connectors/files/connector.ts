import type { Connector, ConnectorContext, CsvFormat, JsonFormat, SourceFile, TableSink } from '../contract.ts';
import { allowedRootsVariable, isThere, openFile, openFolder } from '../allowed-path.ts';
import { sourceConfig, tableOptions, type FilesSource, type FilesTable } from './config.ts';
import { discoverFiles } from './discover.ts';
import { formatOfAll } from './file-format.ts';
import { openPattern } from './glob-files.ts';
import { isPattern } from './glob-pattern.ts';
import { withPartitions } from './partitions.ts';

/** CSV, TSV, JSON and Parquet files in a folder of this machine. */
export const connector: Connector<FilesSource, FilesTable> = {
  kind: 'files',
  displayName: 'Files',
  description: 'CSV, TSV, JSON and Parquet files in a folder of the server.',
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
    const files = await openFiles(folder, table.options.path, context.signal);
    context.signal.throwIfAborted();
    await readInto(sink, table.options.partitions ? withPartitions(files) : files, table.options);
  },
};

async function openSource(context: ConnectorContext<FilesSource>): Promise<string> {
  context.signal.throwIfAborted();
  const folder = await openFolder(context.config.folder, context.readEnv(allowedRootsVariable));
  context.signal.throwIfAborted();
  return folder;
}

/** A path that names a file is that file, even when it could be read as a pattern. */
async function openFiles(folder: string, path: string, signal: AbortSignal): Promise<SourceFile[]> {
  if (isPattern(path) && !(await isThere(folder, path))) return openPattern(folder, path, signal);
  return [{ path: await openFile(folder, path), name: path }];
}

function readInto(sink: TableSink, files: SourceFile[], options: FilesTable): Promise<void> {
  const { path: _path, partitions: _partitions, format = formatOfAll(files), ...csv } = options;
  if (format === 'parquet') {
    const [surplus] = Object.keys(csv);
    if (surplus === undefined) return sink.parquet(files);
    throw new Error(`The option ${surplus} is not for Parquet, which has types of its own; leave it out.`);
  }
  if (format === 'csv') return sink.csv(files, csv satisfies CsvFormat);
  if (format === 'tsv') return sink.csv(files, { delimiter: '\t', ...csv } satisfies CsvFormat);
  const { delimiter, header, nullText, ...json } = csv;
  if (delimiter !== undefined || header !== undefined || nullText !== undefined) {
    throw new Error(`The options delimiter, header and nullText are for CSV and TSV; leave them out for ${format}.`);
  }
  return sink.json(files, { ...json, lines: format === 'ndjson' } satisfies JsonFormat);
}
