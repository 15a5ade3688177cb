import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { attachedPaths, attachedRelation, attachingSettings, attachRemotes, refuseView } from './attach-remotes.ts';
import { quoteIdentifier, quoteLiteral, quoteLiterals } from './identifier.ts';
import { parquetRelation } from './parquet.ts';
import { attachmentKey, type Attachment } from './remote-attachment.ts';
import { filesUnreadable, remoteUnavailable } from './statement-errors.ts';
import { conditionsSql } from './statement-filter.ts';
import { foldName } from './statement-gate.ts';
import { reservedSchemas } from './statement-grammar.ts';
import type { ReadableTable, ResultColumn, RowCondition } from './statement-protocol.ts';
import { emptyRelation, type ParseStatement } from './statement-unread.ts';

/** One name under which a table can be read: `schema.name`, or an alias in `main`. */
export interface Relation {
  sqlName: string;
  schema: string;
  name: string;
  files: readonly string[];
  conditions: readonly RowCondition[];
  /** Set for a table that is read in its own system, through the attachment with this key. */
  remote?: { key: string; schema: string; table: string };
  /** Set as long as its rows have to be read first: it stands for them, without any. */
  columns?: readonly ResultColumn[];
}

/** A locked DuckDB in memory that knows the files of one catalog and nothing else. */
export interface OpenCatalog {
  /** `schema` is empty for a bare name; both folded. */
  findRelation(schema: string, name: string): Relation | undefined;
  /**
   * Makes the views a statement needs; throws a `StatementFailedError` for a table whose files cannot be read, and a
   * `RemoteUnavailableError` for one that its system does not have.
   */
  prepareRelations(connection: DuckDBConnection, relations: Iterable<Relation>): Promise<void>;
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/** What an instance may do besides reading its tables. */
export interface CatalogOptions {
  memoryLimitMb: number;
  /** Absolute paths. */
  writable: readonly string[];
  parse: ParseStatement;
  attachments?: readonly Attachment[];
}

/**
 * Opens an instance for `tables`, which stays in memory: no spilling, no file but the tables' own and those of `writable`, and no
 * extension or other system but those of `attachments`; throws an `AttachError` when one of these cannot be attached.
 */
export async function openCatalog(
  tables: readonly ReadableTable[],
  { memoryLimitMb, writable, parse, attachments = [] }: CatalogOptions,
): Promise<OpenCatalog> {
  const paths = [...tables.flatMap((table) => table.files), ...writable];
  const instance = await openLockedInstance(paths, memoryLimitMb, attachments);
  const relations = indexRelations(tables);
  const prepared = new Set<Relation>();

  async function sourceOf(connection: DuckDBConnection, { remote, files, columns }: Relation): Promise<string> {
    if (columns) return emptyRelation(parse, columns);
    if (!remote) return parquetRelation(files);
    const isFile = attachments.some(({ key, file }) => key === remote.key && file !== null);
    if (isFile) await refuseView(connection, remote);
    return attachedRelation(remote);
  }

  async function prepareRelation(connection: DuckDBConnection, relation: Relation): Promise<void> {
    if (prepared.has(relation)) return;
    const schema = `memory.${quoteIdentifier(relation.schema)}`;
    try {
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      await connection.run(
        `CREATE OR REPLACE VIEW ${schema}.${quoteIdentifier(relation.name)} AS
         SELECT * FROM ${await sourceOf(connection, relation)}
         ${relation.conditions.length > 0 ? `WHERE ${conditionsSql(relation.conditions)}` : ''}`,
      );
    } catch (error) {
      if (relation.remote) throw remoteUnavailable([relation.sqlName], String(error));
      throw filesUnreadable(relation.sqlName, String(error));
    }
    prepared.add(relation);
  }

  return {
    findRelation: (schema, name) => relations.get(relationKey(schema, name)),
    async prepareRelations(connection, wanted) {
      for (const relation of wanted) await prepareRelation(connection, relation);
    },
    connect: () => instance.connect(),
    close: () => instance.closeSync(),
  };
}

/**
 * A DuckDB in memory that reads and writes `paths` only, besides what `attachments` brings, and whose settings can no longer be
 * changed.
 */
export async function openLockedInstance(
  paths: readonly string[],
  memoryLimitMb: number,
  attachments: readonly Attachment[] = [],
): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: `${memoryLimitMb}MB`,
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_file_cache: 'false',
    ...attachingSettings(attachments),
  });
  const connection = await instance.connect();
  try {
    await connection.run(`SET GLOBAL TimeZone = ${quoteLiteral('UTC')}`);
    await attachRemotes(connection, attachments);
    await connection.run(`SET GLOBAL allowed_paths = ${quoteLiterals([...paths, ...attachedPaths(attachments)])}`);
    await connection.run('SET GLOBAL enable_external_access = false');
    await connection.run('SET GLOBAL lock_configuration = true');
    connection.closeSync();
    return instance;
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  }
}

function indexRelations(tables: readonly ReadableTable[]): Map<string, Relation> {
  const relations = new Map<string, Relation>();
  for (const { sqlName, alias, files, columns, conditions = [], remote: table } of tables) {
    const remote = table && { key: attachmentKey(table), schema: table.schema, table: table.table };
    const dot = sqlName.indexOf('.');
    const [schema, name] = [sqlName.slice(0, dot), sqlName.slice(dot + 1)];
    if (dot > 0 && !reservedSchemas.has(foldName(schema))) {
      relations.set(relationKey(foldName(schema), foldName(name)), {
        sqlName,
        schema,
        name,
        files,
        columns,
        conditions,
        remote,
      });
    }
    if (alias) {
      relations.set(relationKey('', foldName(alias)), {
        sqlName,
        schema: 'main',
        name: alias,
        files,
        columns,
        conditions,
        remote,
      });
    }
  }
  return relations;
}

function relationKey(schema: string, name: string): string {
  return JSON.stringify([schema, name]);
}
