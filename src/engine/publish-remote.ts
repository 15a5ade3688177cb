import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier } from './identifier.ts';
import type { Column } from './parquet.ts';
import { attachmentKey } from './remote-attachment.ts';
import type { RemoteTable } from './remote-type.ts';

interface RemoteEntry {
  name: string;
  remote?: (RemoteTable & { columns: readonly Column[] }) | null;
}

/**
 * Adds the views of remote tables and the `_remote_attach` that says how to attach what they name; nothing without a remote table.
 * A view has to be bound to be made: for that moment an empty database in memory stands for each system.
 */
export async function addRemoteTables(connection: DuckDBConnection, tables: readonly RemoteEntry[]): Promise<void> {
  const remotes = tables.flatMap(({ name, remote }) => (remote ? [{ name, remote }] : []));
  if (remotes.length === 0) return;
  await connection.run(
    'CREATE TABLE _remote_attach (alias VARCHAR, extension VARCHAR, url VARCHAR, token_env VARCHAR)',
  );
  const aliases = new Map<string, string>();
  for (const { name, remote } of remotes) {
    const key = attachmentKey(remote);
    const alias = aliases.get(key) ?? `remote_${aliases.size + 1}`;
    if (!aliases.has(key)) await addSystem(connection, alias, remote);
    aliases.set(key, alias);
    await addView(connection, { name, alias, remote });
  }
  for (const alias of aliases.values()) await connection.run(`DETACH ${alias}`);
}

async function addSystem(connection: DuckDBConnection, alias: string, remote: RemoteTable): Promise<void> {
  await connection.run('INSERT INTO _remote_attach VALUES ($1, $2, $3, $4)', [
    alias,
    remote.type,
    remote.url,
    remote.tokenEnv ?? '',
  ]);
  await connection.run(`ATTACH ':memory:' AS ${alias}`);
}

async function addView(
  connection: DuckDBConnection,
  given: { name: string; alias: string; remote: RemoteTable & { columns: readonly Column[] } },
): Promise<void> {
  const { name, alias, remote } = given;
  const schema = `${alias}.${quoteIdentifier(remote.schema)}`;
  const table = `${schema}.${quoteIdentifier(remote.table)}`;
  const columns = remote.columns.map((column) => `${quoteIdentifier(column.name)} ${column.type}`);
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await connection.run(`CREATE TABLE IF NOT EXISTS ${table} (${columns.join(', ')})`);
  await connection.run(`CREATE VIEW ${quoteIdentifier(name)} AS SELECT * FROM ${table}`);
}
