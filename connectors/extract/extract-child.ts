// A process that opens one foreign database file, tells what it holds and copies one table out of it: what stands in the
// file can end this process, and nothing more.
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { CopyRequest, ExtractDatabase, MetaRow, OpenRequest, Reply } from './extract-protocol.ts';

const memoryLimit = '1GB';
const mostMetaRows = 10_000;

process.once('message', (request: OpenRequest) => {
  void open(request).then(({ reply, connection }) => {
    process.send?.(reply);
    process.once('message', ({ table }: CopyRequest) => {
      void copied(connection, { table, target: request.target ?? '' }).then((answer) => process.send?.(answer));
    });
  });
});
process.once('disconnect', () => process.exit(0));

async function open(request: OpenRequest): Promise<{ reply: Reply; connection?: DuckDBConnection }> {
  let connection: DuckDBConnection | undefined;
  try {
    connection = await openLocked(request);
    return { reply: { database: await describe(connection) }, connection };
  } catch (error) {
    return { reply: { step: connection ? 'read' : 'open', error: textOf(error) } };
  }
}

async function copied(
  connection: DuckDBConnection | undefined,
  request: { table: string; target: string },
): Promise<Reply> {
  try {
    if (!connection) throw new Error('nothing is open');
    await copy(connection, request);
    return { copied: true };
  } catch (error) {
    return { step: 'copy', error: textOf(error) };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A DuckDB in memory with the file attached read-only as `extract`, which can reach no other file but the target. */
async function openLocked(request: OpenRequest): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: memoryLimit,
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const allowed = [request.path, request.walPath, ...(request.target ? [request.target] : [])].map(quoteText);
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  await connection.run(`SET GLOBAL allowed_paths = [${allowed.join(', ')}]`);
  await connection.run('SET GLOBAL enable_external_access = false');
  await connection.run(`ATTACH ${quoteText(request.path)} AS extract (READ_ONLY)`);
  await connection.run('USE extract');
  await connection.run('SET GLOBAL lock_configuration = true');
  return connection;
}

async function describe(connection: DuckDBConnection): Promise<ExtractDatabase> {
  const relations = await readRows(
    connection,
    `SELECT table_name AS name, NULL AS sql FROM duckdb_tables() WHERE database_name = 'extract' AND schema_name = 'main'
     UNION ALL
     SELECT view_name, sql FROM duckdb_views()
     WHERE database_name = 'extract' AND schema_name = 'main' AND NOT internal ORDER BY 1`,
  );
  const meta = await readTable(connection, '_meta', ['table_name', 'description', 'query_mode']);
  const remotes = await readTable(connection, '_remote_attach', ['alias', 'extension', 'url', 'token_env']);
  return {
    meta: meta?.some((row) => row['table_name'] === undefined) ? null : (meta?.flatMap(readMeta) ?? null),
    relations: relations.map((row) => ({ name: String(row['name']), sql: textOrNull(row['sql']) })),
    remotes: (remotes ?? []).map(readRemote),
  };
}

function readRemote(row: Record<string, unknown>): ExtractDatabase['remotes'][number] {
  const [alias = '', extension = '', url = '', tokenEnv = ''] = ['alias', 'extension', 'url', 'token_env'].map(
    (column) => textOrNull(row[column]) ?? '',
  );
  return { alias, extension, url, tokenEnv: tokenEnv === '' ? null : tokenEnv };
}

function readMeta(row: Record<string, unknown>): MetaRow[] {
  const name = textOrNull(row['table_name']);
  const [description, queryMode] = [textOrNull(row['description']), textOrNull(row['query_mode'])];
  return name === null ? [] : [{ name, description, queryMode }];
}

/** The rows of a table, with those of `columns` that it has; null when there is no such table, or it has none of them. */
async function readTable(connection: DuckDBConnection, table: string, columns: readonly string[]) {
  const found = await readRows(
    connection,
    `SELECT column_name AS name FROM duckdb_columns() WHERE database_name = 'extract' AND schema_name = 'main'
     AND table_name = '${table}' AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = 'extract')`,
  );
  const names = found.map((row) => String(row['name']).toLowerCase());
  const [key] = columns;
  if (key === undefined || !names.includes(key)) return null;
  const wanted = columns
    .filter((column) => names.includes(column))
    .map((column) => `"${column}"::VARCHAR AS "${column}"`);
  return readRows(connection, `SELECT ${wanted.join(', ')} FROM extract.main."${table}" LIMIT ${mostMetaRows}`);
}

/** Parquet has no type for whole numbers of 128 bits; DuckDB would write them as DOUBLE and lose digits. */
async function copy(connection: DuckDBConnection, request: { table: string; target: string }): Promise<void> {
  const relation = `extract.main.${quoteName(request.table)}`;
  const columns = await readRows(connection, `DESCRIBE SELECT * FROM ${relation}`);
  const values = columns.map((column) => {
    const [name, type] = [quoteName(String(column['column_name'])), String(column['column_type'])];
    if (/^U?HUGEINT$/.test(type)) return `${name}::DECIMAL(38,0) AS ${name}`;
    if (/HUGEINT|BIGNUM/.test(type)) throw new Error(`the column ${name} is ${type}, which Parquet cannot hold`);
    return name;
  });
  await connection.run(
    `COPY (SELECT ${values.join(', ')} FROM ${relation}) TO ${quoteText(request.target)} (FORMAT parquet, USE_TMP_FILE false)`,
  );
}

async function readRows(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
