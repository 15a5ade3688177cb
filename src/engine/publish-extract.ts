import { DuckDBInstance, DuckDBTimestampValue, type DuckDBConnection } from '@duckdb/node-api';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConflictError } from '../kernel/errors.ts';
import { asExtractionFailure } from './extraction-errors.ts';
import { closeStaging, openStaging, refuseUnsafeName, sourceFolders } from './extraction-staging.ts';
import { quoteIdentifier } from './identifier.ts';
import { parquetRelation, type Column } from './parquet.ts';
import { syncPath } from '../kernel/sync-path.ts';
import { type BeforeStep } from './publish.ts';
import { addRemoteTables } from './publish-remote.ts';
import type { RemoteTable } from './remote-type.ts';

/** One table as `extract.duckdb` lists it. */
export interface ExtractEntry {
  name: string;
  description: string | null;
  /** Null where nobody counted. */
  rows: number | null;
  sizeBytes: number | null;
  extractedAt: Date;
  /** Its Parquet files. */
  files: string[];
  /** Set, and `files` empty, for a table of another system. */
  remote?: (RemoteTable & { columns: readonly Column[] }) | null;
}

/**
 * Replaces `<extractsDir>/<source>/extract.duckdb` in one step by one that lists exactly `tables`: all current tables of the
 * source, not only those that changed. A table of which a file is gone is left out, so that it costs no other table;
 * `missing` names it.
 */
export async function writeExtract(options: {
  extractsDir: string;
  source: string;
  tables: readonly ExtractEntry[];
  beforeStep?: BeforeStep;
}): Promise<{ missing: string[] }> {
  const { tables, beforeStep = () => {} } = options;
  const folders = sourceFolders(options.extractsDir, options.source);
  refuseBadNames(tables);
  const missing = tables.filter(
    ({ files, remote }) => !remote && !(files.length > 0 && files.every((file) => existsSync(file))),
  );
  try {
    const staging = await openStaging(folders);
    try {
      await beforeStep('write extract');
      const built = join(staging, 'extract.duckdb.tmp');
      await buildExtract(
        built,
        tables.filter((table) => !missing.includes(table)),
      );
      await beforeStep('sync extract');
      await syncPath(built);
      await beforeStep('rename extract');
      const target = join(folders.source, 'extract.duckdb');
      await rm(`${target}.wal`, { force: true });
      await rename(built, target);
      await beforeStep('sync source folder');
      await syncPath(folders.source);
    } finally {
      await closeStaging(staging);
    }
  } catch (error) {
    throw asExtractionFailure(error);
  }
  return { missing: missing.map(({ name }) => name) };
}

/** Removes `<extractsDir>/<source>/extract.duckdb`, when there is one; the Parquet files stay. */
export async function removeExtract(extractsDir: string, source: string): Promise<void> {
  const target = join(sourceFolders(extractsDir, source).source, 'extract.duckdb');
  await rm(target, { force: true });
  await rm(`${target}.wal`, { force: true });
}

async function buildExtract(path: string, tables: readonly ExtractEntry[]): Promise<void> {
  const instance = await DuckDBInstance.create(path, {
    threads: '1',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    await connection.run(
      `CREATE TABLE _meta (table_name VARCHAR NOT NULL, description VARCHAR, rows BIGINT, size_bytes BIGINT,
        extracted_at TIMESTAMP, query_mode VARCHAR DEFAULT 'local')`,
    );
    for (const table of tables.filter(({ remote }) => !remote)) await addTable(connection, table);
    await addRemoteTables(connection, tables);
    for (const table of tables) await listTable(connection, table);
    await connection.run('CHECKPOINT');
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function addTable(connection: DuckDBConnection, table: ExtractEntry): Promise<void> {
  const relation = parquetRelation(table.files.map((file) => resolve(file)));
  await connection.run(`CREATE VIEW ${quoteIdentifier(table.name)} AS SELECT * FROM ${relation}`);
}

async function listTable(connection: DuckDBConnection, table: ExtractEntry): Promise<void> {
  await connection.run('INSERT INTO _meta VALUES ($1, $2, $3, $4, $5, $6)', [
    table.name,
    table.description,
    table.rows === null ? null : BigInt(table.rows),
    table.sizeBytes === null ? null : BigInt(table.sizeBytes),
    new DuckDBTimestampValue(BigInt(table.extractedAt.getTime()) * 1000n),
    table.remote ? 'remote' : 'local',
  ]);
}

function refuseBadNames(tables: readonly ExtractEntry[]): void {
  const taken = new Set<string>(['_meta', '_remote_attach']);
  for (const { name } of tables) {
    refuseUnsafeName('tables', name);
    if (taken.has(name.toLowerCase())) throw new ConflictError(`The name ${name} is taken in this extract.`);
    taken.add(name.toLowerCase());
  }
}
