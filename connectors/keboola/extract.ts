import { rm } from 'node:fs/promises';
import type { ExtractResult, ExtractTable, RowSink, TableSink } from '../contract.ts';
import { askStorage, type Connection } from './client.ts';
import { columnDescription, columnType } from './column-types.ts';
import type { KeboolaTable, WhereFilter } from './config.ts';
import { changedSince, cursorOf, isUnchanged, readCursor, type Cursor } from './cursor.ts';
import { fetchRows } from './fetch-rows.ts';
import { aboutTable, runExport } from './run-export.ts';
import { noDate, splitRows } from './split-rows.ts';
import { tableShape, type StorageTable } from './storage-shapes.ts';

interface Extraction {
  connection: Connection;
  exportTimeoutSeconds: number;
  options: KeboolaTable;
  sink: TableSink;
  detail: StorageTable;
  columns: readonly string[];
  types: Record<string, string>;
  /** Of the last sync, when it had the same columns, types and keys. */
  before: Cursor | undefined;
  /** Of the last sync, whatever it had; undefined when the table begins empty. */
  last: Cursor | undefined;
  now: Cursor;
}

/** Takes one table as its mode says; a table that has not changed since the last sync is not exported. */
export async function extractTable(
  given: { connection: Connection; exportTimeoutSeconds: number },
  table: ExtractTable<KeboolaTable>,
  sink: TableSink,
): Promise<ExtractResult> {
  const { connection } = given;
  const { options } = table;
  const path = `tables/${encodeURIComponent(options.table)}`;
  const { value: detail, at } = await askStorage(connection, { path, shape: tableShape }).catch((error: unknown) => {
    throw aboutTable(options.table, error);
  });
  const columns = chooseColumns(options, detail);
  const types = Object.fromEntries(
    columns.map((column) => [column, options.types?.[column] ?? columnType(detail, column)]),
  );
  const shape = JSON.stringify([types, detail.primaryKey ?? [], detail.isAlias ?? false]);
  const last = readCursor(table.cursor);
  const before = last?.shape === shape ? last : undefined;
  const now = cursorOf(detail, { shape, at });
  const extraction: Extraction = { ...given, options, sink, detail, columns, types, before, last, now };
  return { ...(await extractRows(extraction)), columns: descriptionsIn(detail, columns) };
}

/** What one column may be described with; more is cut. */
const longestDescription = 10_000;

function descriptionsIn(detail: StorageTable, columns: readonly string[]): { name: string; description: string }[] {
  return columns.flatMap((name) => {
    const description = columnDescription(detail, name)?.trim().slice(0, longestDescription);
    return description ? [{ name, description }] : [];
  });
}

async function extractRows(extraction: Extraction): Promise<ExtractResult> {
  const { sink, detail, before, now, options } = extraction;
  if (before && isUnchanged(detail, before)) return keepAll(before, options);
  if (options.mode === 'partitioned') return extractPartitions(extraction);
  if (options.mode === 'incremental') return extractChanges(extraction);
  await write(sink, extraction, await exportRows(extraction, { where: options.where ?? [] }));
  return { cursor: JSON.stringify(now) };
}

function keepAll(before: Cursor, { mode }: KeboolaTable): ExtractResult {
  return { cursor: JSON.stringify(before), joins: mode === 'partitioned' ? 'partitions' : 'append' };
}

/** The columns that are wanted; throws when one is not there, or named twice. */
function chooseColumns(options: KeboolaTable, detail: StorageTable): readonly string[] {
  if (detail.columns.length === 0)
    throw new Error(`The table ${options.table} has no columns; import something first.`);
  const wanted = options.columns ?? detail.columns;
  const named = [...wanted, ...Object.keys(options.types ?? {}), ...(options.where ?? []).map(({ column }) => column)];
  const unknown = named.find((name) => !detail.columns.includes(name));
  if (unknown !== undefined) {
    throw new Error(
      `The table ${options.table} has no column ${JSON.stringify(unknown)}; it has ${detail.columns.join(', ')}.`,
    );
  }
  return [...new Set(wanted)];
}

/** Rows that were imported since the last sync; at first all. */
async function extractChanges(extraction: Extraction): Promise<ExtractResult> {
  const { options, detail, before, last, now, sink } = extraction;
  const primaryKey = detail.primaryKey ?? [];
  const since = before && changedSince(before);
  const part = { where: options.where ?? [], ...(since !== undefined && { changedSince: since }) };
  await write(sink, extraction, await exportRows(extraction, part));
  // The first sync of a table without a key in Keboola fails here unless its registration names one.
  const isMerge = since !== undefined || (primaryKey.length === 0 && last === undefined);
  return { cursor: JSON.stringify(now), joins: isMerge ? 'merge' : 'replace', primaryKey };
}

/** All rows, or those of the last partitions, divided by a column. */
async function extractPartitions(extraction: Extraction): Promise<ExtractResult> {
  const { options, before, last, now, sink, columns, connection } = extraction;
  const { column, by, recent } = options.partition ?? { column: '', by: 'month' as const };
  const index = columns.indexOf(column);
  if (index === -1) throw new Error(`The column ${JSON.stringify(column)} of the partitions is not among the columns.`);
  const known = last?.partitions ?? [];
  const first =
    recent === undefined || !before
      ? undefined
      : known
          .filter((name) => name !== noDate)
          .toSorted()
          .at(-recent);
  const onlyRecent: WhereFilter[] = first === undefined ? [] : [{ column, operator: 'ge', values: [first] }];
  const path = await exportRows(extraction, { where: [...(options.where ?? []), ...onlyRecent] });
  const folder = await sink.scratchFolder();
  const parts = await splitRows(path, { folder, column: index, by, name: options.table, signal: connection.signal });
  const isStale = (name: string) => first === undefined || (name !== noDate && name >= first);
  for (const name of known) if (isStale(name) && !parts.has(name)) await sink.dropPartition(name);
  for (const [name, part] of parts) await write(sink.partition(name), extraction, part);
  const kept = known.filter((name) => !isStale(name));
  const partitions = [...new Set([...kept, ...parts.keys()])].toSorted();
  if (parts.size === 0 && kept.length === 0) await write(sink.partition(noDate), extraction, path);
  return { cursor: JSON.stringify({ ...now, partitions }), joins: 'partitions' };
}

async function exportRows(
  { connection, exportTimeoutSeconds, options, columns, sink }: Extraction,
  part: { where: readonly WhereFilter[]; changedSince?: number },
): Promise<string> {
  const request = { table: options.table, columns, ...part };
  const fileId = await runExport(connection, request, exportTimeoutSeconds);
  return fetchRows(connection, { fileId, folder: await sink.scratchFolder(), columns });
}

async function write(sink: RowSink, { options, types }: Extraction, path: string): Promise<void> {
  try {
    await sink.csv({ path, name: options.table }, { delimiter: ',', header: true, types, quotedEmpty: 'text' });
  } catch (error) {
    throw withAdvice(error);
  }
  await rm(path, { force: true });
}

/** A value that does not fit its type: how to take the column as text. */
function withAdvice(error: unknown): unknown {
  const found = error instanceof Error ? /the value of ("(?:[^"]|"")*") is not a \S+/.exec(error.message) : null;
  if (!(error instanceof Error) || !found) return error;
  const message = error.message.replace(/; mend it.*$/, '');
  return new Error(`${message}; mend it in Keboola, or give the table the option "types": {${found[1]}: "VARCHAR"}.`, {
    cause: error,
  });
}
