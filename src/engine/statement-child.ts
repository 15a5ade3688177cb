import type { DuckDBConnection } from '@duckdb/node-api';
import { withoutSecrets } from './attach-remotes.ts';
import { openCatalog, type OpenCatalog, type Relation } from './statement-catalog.ts';
import { checkStatement, executeStatement } from './statement-execution.ts';
import { writeStatement } from './statement-file.ts';
import type { SentFailure } from './statement-errors.ts';
import { checkTree, type TreeNode } from './statement-gate.ts';
import { describeError, type MessageContext } from './statement-message.ts';
import { openStatementParser } from './statement-parser.ts';
import type { FromChild, ReadableTable, ToChild, Work } from './statement-protocol.ts';
import { RemoteInstances } from './statement-remotes.ts';
import { unreadTables } from './statement-unread.ts';

type RunMessage = Extract<ToChild, { kind: 'run' }>;

/** What a failure may tell, and what it may not, as it becomes known. */
interface RunContext extends MessageContext {
  remotes: readonly string[];
  secrets: readonly string[];
}

interface HeldCatalog extends OpenCatalog {
  tables: readonly ReadableTable[];
  remotes: RemoteInstances;
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
const parse = (text: string) => parser.parse(text);
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
  const context: RunContext = { statement: message.statement, tables: catalog.tables, remotes: [], secrets: [] };
  try {
    send({ kind: 'done', ...(await runStatement(catalog, message, context)) });
  } catch (error) {
    send({ kind: 'failed', failure: withoutSecretsIn(describeError(error, context), context.secrets) });
  } finally {
    if (message.once) close(catalog);
  }
}

function withoutSecretsIn(failure: SentFailure, secrets: readonly string[]): SentFailure {
  const [message, detail] = [failure.message, failure.detail ?? ''].map((text) => withoutSecrets(text, secrets));
  return { ...failure, message: message!, detail };
}

async function runStatement(
  catalog: HeldCatalog,
  message: RunMessage,
  context: RunContext,
): Promise<{ truncated: boolean; rowCount: number }> {
  const tree = await parser.parse(message.statement);
  const relations = checkTree(tree, (schema, name) => catalog.findRelation(schema, name));
  send({ kind: 'tables', tables: sqlNamesOf(relations) });
  context.remotes = sqlNamesOf([...relations].filter(({ remote }) => remote));
  if (context.remotes.length === 0) return runIn(catalog, { message, tree, relations });
  const { attachments: planned = [], work } = message;
  const writable = writableBy(work);
  const taken = await catalog.remotes.take([...relations], { planned, memoryLimitMb, writable, parse });
  context.secrets = taken.secrets;
  let failed = true;
  try {
    const done = await runIn(taken.instance, { message, tree, relations });
    failed = false;
    return done;
  } finally {
    taken.release({ failed });
  }
}

async function runIn(
  instance: OpenCatalog,
  given: { message: RunMessage; tree: TreeNode; relations: ReadonlySet<Relation> },
): Promise<{ truncated: boolean; rowCount: number }> {
  const { tree, relations } = given;
  const { statement, work } = given.message;
  const connection = await instance.connect();
  try {
    running = connection;
    await instance.prepareRelations(connection, relations);
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

function sqlNamesOf(relations: Iterable<Relation>): string[] {
  return [...new Set(Array.from(relations, ({ sqlName }) => sqlName))].toSorted();
}

function writableBy(work: Work): string[] {
  return work.kind === 'file' ? [work.path] : [];
}

function close(catalog: HeldCatalog | undefined): void {
  catalog?.close();
  catalog?.remotes.close();
}

async function takeCatalog({ catalogKey, tables, forgetCatalogKey, work, once }: RunMessage): Promise<HeldCatalog> {
  if (forgetCatalogKey !== undefined) {
    close(catalogs.get(forgetCatalogKey));
    catalogs.delete(forgetCatalogKey);
  }
  const held = catalogs.get(catalogKey);
  if (held) return held;
  if (!tables) throw new Error(`the catalog ${catalogKey} was neither held nor sent`);
  const instance = await openCatalog(tables, { memoryLimitMb, writable: writableBy(work), parse });
  const opened = { ...instance, tables, remotes: new RemoteInstances() };
  if (!once) catalogs.set(catalogKey, opened);
  return opened;
}

function send(message: FromChild): void {
  process.send?.(message);
}
