import { access, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier, quoteLiteral, quoteLiterals } from '../../engine/identifier.ts';
import { failed } from '../failure.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';

/** The DuckDB of a workspace: what the last sync brought, and the analyst’s own tables. */
export interface LocalDatabase {
  readonly connection: DuckDBConnection;
  /** Every name that a statement may use, such as `shop.orders`, sorted. */
  readonly names: readonly string[];
  /** Those of them that mean what the last sync brought. */
  readonly syncedNames: readonly string[];
  /** Makes readable what the statement names; throws a `CommandFailure` for a table whose files are not whole. */
  prepare(statement: string): Promise<void>;
  close(): void;
}

interface Relation {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
}

// No source can have such a name, so none of its tables is mistaken for a database.
const syncedCatalog = 'agnes local';
const ownCatalog = 'own local';

/** Which files a statement may name. */
export interface ReachableFiles {
  /** Files outside of them that it may write. */
  readonly writable?: readonly string[];
  /** Folders of the workspace, by paths from it; all of it unless given. */
  readonly folders?: readonly string[];
}

/**
 * Opens the workspace’s databases for reading. Names mean what they mean on the server, and an own table of the same name goes
 * before. Statements read files of the folders and `writable`, and reach no network.
 */
export async function openLocalDatabase(
  workspace: Workspace,
  { writable = [], folders = ['.'] }: ReachableFiles = {},
): Promise<LocalDatabase> {
  const folder = await realpath(workspace.folder);
  const { database, memory } = placesIn(folder);
  const spill = join(memory, 'spill');
  await mkdir(spill, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  function close(): void {
    // What is left of a result that was not read to its end would keep closing waiting.
    connection.interrupt();
    connection.closeSync();
    instance.closeSync();
  }
  try {
    await connection.run(`SET GLOBAL TimeZone = ${quoteLiteral('UTC')}`);
    await attachSynced(connection, database);
    await attachOwn(connection, join(folder, 'work', 'own.duckdb'));
    await connection.run(`SET GLOBAL allowed_directories = ${quoteLiterals(folders.map((one) => join(folder, one)))}`);
    await connection.run(`SET GLOBAL allowed_paths = ${quoteLiterals(writable)}`);
    await connection.run('SET GLOBAL enable_external_access = false');
    await connection.run('SET GLOBAL lock_configuration = true');
    const relations = await readRelations(connection);
    const prepared = new Set<Relation>();
    return {
      connection,
      names: relations.map(nameOf).toSorted(),
      syncedNames: relations.filter(({ catalog }) => catalog === syncedCatalog).map(nameOf),
      async prepare(statement) {
        const folded = statement.toLowerCase();
        for (const relation of relations.filter(({ name }) => mayName(folded, name))) {
          if (!prepared.has(relation)) await makeView(connection, relation);
          prepared.add(relation);
        }
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function attachSynced(connection: DuckDBConnection, path: string): Promise<void> {
  if (!(await exists(path))) throw failed('No table is here yet; bring them with `da sync`.');
  try {
    await attach(connection, path, syncedCatalog);
  } catch {
    throw failed(`${path} cannot be opened; remove it and run \`da sync\`, which makes it anew.`);
  }
}

async function attachOwn(connection: DuckDBConnection, path: string): Promise<void> {
  if (!(await exists(path))) return;
  try {
    await attach(connection, path, ownCatalog);
  } catch (error) {
    const { message } = error as Error;
    const reason = message.includes('lock') ? 'another program has it open for writing; close it there' : message;
    throw failed(`${path}, your own tables, cannot be opened: ${reason}.`);
  }
}

async function attach(connection: DuckDBConnection, path: string, catalog: string): Promise<void> {
  await connection.run(`ATTACH ${quoteLiteral(path)} AS ${quoteIdentifier(catalog)} (READ_ONLY)`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Own relations, and of the synced ones those whose names they leave. */
async function readRelations(connection: DuckDBConnection): Promise<Relation[]> {
  const reader = await connection.runAndReadAll(
    `SELECT database_name, schema_name, view_name FROM duckdb_views() WHERE NOT internal
     UNION ALL SELECT database_name, schema_name, table_name FROM duckdb_tables() WHERE NOT internal`,
  );
  const all = (reader.getRows() as string[][]).map(([catalog = '', schema = '', name = '']) => ({
    catalog,
    schema,
    name,
  }));
  const own = all.filter(({ catalog }) => catalog === ownCatalog);
  const taken = new Set(own.map((relation) => nameOf(relation).toLowerCase()));
  const synced = all.filter(({ catalog }) => catalog === syncedCatalog);
  return [...own, ...synced.filter((relation) => !taken.has(nameOf(relation).toLowerCase()))];
}

function nameOf({ schema, name }: Relation): string {
  return schema === 'main' ? name : `${schema}.${name}`;
}

/** Whether the statement, in small letters, could mean the name; within quotes a quote is written twice. */
function mayName(statement: string, name: string): boolean {
  return statement.includes(name.toLowerCase().replaceAll('"', '""'));
}

async function makeView(connection: DuckDBConnection, relation: Relation): Promise<void> {
  const [schema, name] = [quoteIdentifier(relation.schema), quoteIdentifier(relation.name)];
  await connection.run(`CREATE SCHEMA IF NOT EXISTS memory.${schema}`);
  try {
    await connection.run(
      `CREATE VIEW memory.${schema}.${name} AS FROM ${quoteIdentifier(relation.catalog)}.${schema}.${name}`,
    );
  } catch (error) {
    const shown = nameOf(relation);
    if (relation.catalog === ownCatalog)
      throw failed(`Your own ${shown} cannot be read: ${(error as Error).message.split('\n')[0]}`);
    throw failed(`The files of ${shown} cannot be read here; \`da doctor\` says what mends them.`);
  }
}
