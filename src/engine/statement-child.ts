import type { DuckDBConnection } from '@duckdb/node-api';
import { openCatalog, type OpenCatalog } from './statement-catalog.ts';
import { checkStatement, executeStatement } from './statement-execution.ts';
import { writeStatement } from './statement-file.ts';
import { checkTree } from './statement-gate.ts';
import { describeError } from './statement-message.ts';
import { openStatementParser } from './statement-parser.ts';
import type { FromChild, ReadableTable, ToChild } from './statement-protocol.ts';
import { unreadTables } from './statement-unread.ts';

type RunMessage = Extract<ToChild, { kind: 'run' }>;

interface HeldCatalog extends OpenCatalog {
  tables: readonly ReadableTable[];
}

/** A process that runs the statements of users, one at a time. Argument: the memory of DuckDB in megabytes. */
const memoryLimitMb = Number(process.argv[2]);
const catalogs = new Map<string, HeldCatalog>();
let running: DuckDBConnection | undefined;
let interrupted = false;

// The parent is gone. SIGKILL, because an orderly exit would wait for a statement that cannot be interrupted.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// A signal to the whole group is the parent's to act upon.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
const parser = await openStatementParser();
process.on('message', (message: ToChild) => {
  if (message.kind === 'run') void run(message);
  else interrupt();
});
send({ kind: 'ready' });

function interrupt(): void {
  interrupted = true;
  running?.interrupt();
}

async function run(message: RunMessage): Promise<void> {
  interrupted = false;
  // Should this fail, the process ends, and with it what the parent believes it holds.
  const catalog = await takeCatalog(message);
  try {
    send({ kind: 'done', ...(await runStatement(catalog, message)) });
  } catch (error) {
    send({ kind: 'failed', failure: describeError(error, { statement: message.statement, tables: catalog.tables }) });
  } finally {
    if (message.once) catalog.close();
  }
}

async function runStatement(
  catalog: OpenCatalog,
  { statement, work }: RunMessage,
): Promise<{ truncated: boolean; rowCount: number }> {
  const tree = await parser.parse(statement);
  const relations = checkTree(tree, (schema, name) => catalog.findRelation(schema, name));
  send({ kind: 'tables', tables: [...new Set(Array.from(relations, ({ sqlName }) => sqlName))].toSorted() });
  const connection = await catalog.connect();
  try {
    running = connection;
    await catalog.prepareRelations(connection, relations);
    if (interrupted) throw new Error('interrupted before the start');
    const unread = unreadTables(tree, relations);
    if (unread.length > 0) {
      const bound = await checkStatement(connection, statement);
      send({ kind: 'unread', unread });
      return bound;
    }
    if (work.kind === 'check') return await checkStatement(connection, statement);
    if (work.kind === 'file') return await writeStatement(connection, { statement, tree, parser, ...work });
    return await executeStatement(
      connection,
      { statement, limit: work.limit },
      {
        columns: (columns) => send({ kind: 'columns', columns }),
        rows: (json) => send({ kind: 'rows', json }),
      },
    );
  } finally {
    running = undefined;
    // What is left of a result that was not read to its end would keep closing waiting.
    connection.interrupt();
    connection.closeSync();
  }
}

async function takeCatalog({ catalogKey, tables, forgetCatalogKey, work, once }: RunMessage): Promise<HeldCatalog> {
  if (forgetCatalogKey !== undefined) {
    catalogs.get(forgetCatalogKey)?.close();
    catalogs.delete(forgetCatalogKey);
  }
  const held = catalogs.get(catalogKey);
  if (held) return held;
  if (!tables) throw new Error(`the catalog ${catalogKey} was neither held nor sent`);
  const writable = work.kind === 'file' ? [work.path] : [];
  const opened = { ...(await openCatalog(tables, { memoryLimitMb, writable, parser })), tables };
  if (!once) catalogs.set(catalogKey, opened);
  return opened;
}

function send(message: FromChild): void {
  process.send?.(message);
}
