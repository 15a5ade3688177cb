import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier, quoteLiteral, quoteLiterals } from './identifier.ts';
import { parquetRelation } from './parquet.ts';
import { filesUnreadable } from './statement-errors.ts';
import { conditionsSql } from './statement-filter.ts';
import { foldName } from './statement-gate.ts';
import { reservedSchemas } from './statement-grammar.ts';
import type { StatementParser } from './statement-parser.ts';
import type { ReadableTable, ResultColumn, RowCondition } from './statement-protocol.ts';
import { emptyRelation } from './statement-unread.ts';

/** One name under which a table can be read: `schema.name`, or an alias in `main`. */
export interface Relation {
  sqlName: string;
  schema: string;
  name: string;
  files: readonly string[];
  conditions: readonly RowCondition[];
  /** Set as long as its rows have to be read first: it stands for them, without any. */
  columns?: readonly ResultColumn[];
}

/** A locked DuckDB in memory that knows the files of one catalog and nothing else. */
export interface OpenCatalog {
  /** `schema` is empty for a bare name; both folded. */
  findRelation(schema: string, name: string): Relation | undefined;
  /** Makes the views a statement needs; throws a `StatementFailedError` for a table whose files cannot be read. */
  prepareRelations(connection: DuckDBConnection, relations: Iterable<Relation>): Promise<void>;
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/**
 * Opens an instance for `tables`, which stays in memory: no spilling, no extensions, no file but the tables' own and those of
 * `writable`.
 */
export async function openCatalog(
  tables: readonly ReadableTable[],
  given: { memoryLimitMb: number; writable: readonly string[]; parser: StatementParser },
): Promise<OpenCatalog> {
  const { memoryLimitMb, writable, parser } = given;
  const instance = await openLockedInstance([...tables.flatMap((table) => table.files), ...writable], memoryLimitMb);
  const relations = indexRelations(tables);
  const prepared = new Set<Relation>();

  async function prepareRelation(connection: DuckDBConnection, relation: Relation): Promise<void> {
    if (prepared.has(relation)) return;
    const schema = `memory.${quoteIdentifier(relation.schema)}`;
    try {
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      await connection.run(
        `CREATE OR REPLACE VIEW ${schema}.${quoteIdentifier(relation.name)} AS
         SELECT * FROM ${relation.columns ? await emptyRelation(parser, relation.columns) : parquetRelation(relation.files)}
         ${relation.conditions.length > 0 ? `WHERE ${conditionsSql(relation.conditions)}` : ''}`,
      );
    } catch (error) {
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

/** A DuckDB in memory that reads and writes `paths` only and whose settings can no longer be changed. */
export async function openLockedInstance(paths: readonly string[], memoryLimitMb: number): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: `${memoryLimitMb}MB`,
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_file_cache: 'false',
  });
  const connection = await instance.connect();
  try {
    await connection.run(`SET GLOBAL TimeZone = ${quoteLiteral('UTC')}`);
    await connection.run(`SET GLOBAL allowed_paths = ${quoteLiterals(paths)}`);
    await connection.run('SET GLOBAL enable_external_access = false');
    await connection.run('SET GLOBAL lock_configuration = true');
  } finally {
    connection.closeSync();
  }
  return instance;
}

function indexRelations(tables: readonly ReadableTable[]): Map<string, Relation> {
  const relations = new Map<string, Relation>();
  for (const { sqlName, alias, files, columns, conditions = [] } of tables) {
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
      });
    }
  }
  return relations;
}

function relationKey(schema: string, name: string): string {
  return JSON.stringify([schema, name]);
}
