import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableSink } from '../contract.ts';
import type { Client } from './client.ts';
import { BigQueryFailure } from './failures.ts';
import { duckdbType, quoteName, selectColumns, type Field } from './types.ts';

/** The pages of a result, and what of it may be taken. */
export interface PagedRows {
  fields: readonly Field[];
  /** What messages call it. */
  name: string;
  path: readonly string[];
  query: Record<string, string | undefined>;
  limits: { rows?: number | undefined; bytes?: number | undefined };
}

const memoryLimit = '512MB';
/** BigQuery ends a page at 10 or 20 MB by itself. */
const rowsPerPage = 50_000;

/**
 * Reads every page into a file of Parquet and hands it to `sink`: one page at a time, which DuckDB takes apart, so that neither
 * the memory of the process nor its event loop feels how many rows there are. Resolves to the count of rows.
 */
export async function copyRows(
  client: Client,
  rows: PagedRows,
  given: { sink: TableSink; signal: AbortSignal },
): Promise<number> {
  const { sink, signal } = given;
  if (rows.fields.length === 0) throw new Error(`${rows.name} has no columns; give it some, or take another table.`);
  const folder = await sink.scratchFolder();
  const target = join(folder, 'rows.parquet');
  const count = await withDatabase(folder, async (database) => {
    const columns = rows.fields.map((field) => `${quoteName(field.name)} ${duckdbType(field)}`);
    await database.run(`CREATE TABLE rows (${columns.join(', ')})`);
    const total = await readPages(client, rows, { database, page: join(folder, 'page.json'), signal });
    await interruptible(database, signal, () =>
      database.run(`COPY rows TO ${quoteText(target)} (FORMAT parquet, COMPRESSION zstd)`),
    );
    return total;
  });
  signal.throwIfAborted();
  await sink.parquet({ path: target, name: rows.name });
  return count;
}

async function readPages(
  client: Client,
  rows: PagedRows,
  given: { database: DuckDBConnection; page: string; signal: AbortSignal },
): Promise<number> {
  const { database, page, signal } = given;
  const doing = `read the rows of ${rows.name}`;
  const query = { ...rows.query, maxResults: rowsPerPage, 'formatOptions.useInt64Timestamp': true };
  let [bytes, total, pageToken] = [0, 0, undefined as string | undefined];
  do {
    const call = { path: rows.path, query: { ...query, pageToken }, doing };
    const place = pageToken;
    bytes += await client.download(call, { path: page, signal }).catch((error: unknown) => {
      throw place !== undefined && error instanceof BigQueryFailure && error.status === 400
        ? expired(rows, error)
        : error;
    });
    refuseMore(rows, { bytes });
    const taken = await interruptible(database, signal, () => takePage(database, rows, page));
    total += taken.rows;
    refuseMore(rows, { rows: total });
    pageToken = taken.pageToken;
  } while (pageToken !== undefined);
  await rm(page, { force: true });
  return total;
}

/** Throws when there is more than may be taken. */
export function refuseMore({ name, limits }: PagedRows, found: { rows?: number; bytes?: number }): void {
  if (limits.rows !== undefined && (found.rows ?? 0) > limits.rows) {
    throw new Error(`${name} has more than ${limits.rows} rows, which is the limit; take fewer, or raise the limit.`);
  }
  if (limits.bytes !== undefined && (found.bytes ?? 0) > limits.bytes) {
    throw new Error(`${name} has more than ${limits.bytes} bytes, which is the limit; take less, or raise the limit.`);
  }
}

async function takePage(
  database: DuckDBConnection,
  rows: PagedRows,
  page: string,
): Promise<{ rows: number; pageToken: string | undefined }> {
  const content = `read_text(${quoteText(page)})`;
  const [found] = await readAll(
    database,
    `SELECT json_extract_string(content, '$.pageToken') AS token, coalesce(json_array_length(content, '$.rows'), 0)::DOUBLE AS rows,
            (SELECT count(*) FROM (SELECT unnest(json_extract(content, '$.rows[*]')) AS row)
             WHERE json_array_length(row, '$.f') <> ${rows.fields.length})::DOUBLE AS misfits
     FROM ${content}`,
  );
  if (Number(found?.['misfits']) > 0) throw changed(rows);
  await database.run(
    `INSERT INTO rows SELECT ${selectColumns(rows.fields)}
     FROM (SELECT unnest(json_extract(content, '$.rows[*]')) AS row FROM ${content})`,
  );
  const token = found?.['token'];
  return { rows: Number(found?.['rows']), pageToken: typeof token === 'string' && token !== '' ? token : undefined };
}

/** The columns of a table were changed between the question for them and that for its rows. */
function changed({ name }: PagedRows): Error {
  return Object.assign(new Error(`${name} was changed while it was read; run again.`), { retryable: true });
}

/** The place of the next page holds for a while only. */
function expired({ name }: PagedRows, cause: Error): Error {
  const message = `BigQuery does not know any more up to where ${name} was read; run again.`;
  return Object.assign(new Error(message, { cause }), { retryable: true });
}

/** Runs `use` with a database on disk in `folder` that can reach no other file. */
async function withDatabase<Result>(
  folder: string,
  use: (database: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const path = join(folder, 'rows.duckdb');
  const instance = await DuckDBInstance.create(path, {
    threads: '2',
    memory_limit: memoryLimit,
    temp_directory: join(folder, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const database = await instance.connect();
  try {
    await database.run("SET GLOBAL TimeZone = 'UTC'");
    await database.run(`SET GLOBAL allowed_directories = [${quoteText(`${folder}/`)}]`);
    await database.run('SET GLOBAL enable_external_access = false');
    await database.run('SET GLOBAL lock_configuration = true');
    return await use(database);
  } finally {
    database.closeSync();
    instance.closeSync();
    for (const name of [path, `${path}.wal`]) await rm(name, { force: true });
  }
}

async function interruptible<Result>(
  database: DuckDBConnection,
  signal: AbortSignal,
  run: () => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const stop = () => database.interrupt();
  signal.addEventListener('abort', stop);
  try {
    return await run();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'retryable' in error) throw error;
    throw new Error('The rows of BigQuery could not be kept on the server; its log says more.', { cause: error });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function readAll(database: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await database.runAndReadAll(sql)).getRowObjectsJS();
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
