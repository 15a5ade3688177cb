import { fork, type ChildProcess } from 'node:child_process';
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFile } from '../allowed-path.ts';
import type { CopyRequest, ExtractDatabase, OpenRequest, Reply } from './extract-protocol.ts';

const databaseName = 'extract.duckdb';

/** An open `extract.duckdb`, in a process of its own. */
interface OpenExtract {
  database: ExtractDatabase;
  /** Writes the rows of a table or view, which reaches nothing but its database, to `target`; once at most. */
  copy(table: string): Promise<void>;
}

/**
 * Opens the `extract.duckdb` in the real path `folder` while `use` runs. Throws a sentence when it cannot be opened, and the
 * reason of `signal` when that is aborted.
 */
export async function withExtract<Result>(
  given: { folder: string; signal: AbortSignal; target?: string },
  use: (extract: OpenExtract) => Promise<Result>,
): Promise<Result> {
  const { folder, signal, target } = given;
  const database = await findDatabase(folder);
  signal.throwIfAborted();
  // None of our environment is handed on.
  const child = fork(childPath(), { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  try {
    const reply = await ask(child, target === undefined ? database : { ...database, target });
    if (!('database' in reply)) throw new Error(sentenceFor(reply, ''));
    const copy = async (table: string) => {
      const answer = await ask(child, { table });
      if (!('copied' in answer)) throw new Error(sentenceFor(answer, table));
    };
    return await use({ database: reply.database, copy });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

async function ask(child: ChildProcess, message: OpenRequest | CopyRequest): Promise<Reply> {
  const ended = new Error(`${databaseName} cannot be read: reading it ended the process that did.`);
  return new Promise<Reply>((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', () => reject(ended));
    child.send(message, (error) => error && reject(ended));
  });
}

async function findDatabase(folder: string): Promise<{ path: string; walPath: string }> {
  const path = await openFile(folder, databaseName);
  const walPath = `${path}.wal`;
  const isOther = await lstat(walPath).then(
    (found) => !found.isFile(),
    () => false,
  );
  if (isOther) throw new Error(`${databaseName}.wal is not a file; remove it.`);
  return { path, walPath };
}

/** Built as a program of its own, which lies beside ours. */
function childPath(): string {
  const here = fileURLToPath(import.meta.url);
  return join(dirname(here), here.endsWith('.ts') ? '../../dist' : '.', 'extract-child.js');
}

function sentenceFor(reply: Reply, table: string): string {
  const { step, error } = 'error' in reply ? reply : { step: 'read', error: '' };
  if (step === 'open' && /set lock|conflicting lock/i.test(error)) {
    return `${databaseName} is open in another program; run again when that has closed it.`;
  }
  if (step === 'open') return `${databaseName} cannot be opened as a DuckDB database; extract it again.`;
  if (step === 'read') return `${databaseName} cannot be read; extract it again.`;
  if (/disabled by configuration|disabled through configuration/.test(error)) {
    return `The view ${table} reads files in a way that is not supported; only SELECT * over Parquet files of the extract is.`;
  }
  if (/Out of Memory/i.test(error)) return `${table} needs more memory than reading a table of an extract may use.`;
  if (error.startsWith('the column ')) return `${table} cannot be read: ${error}.`;
  return `${table} cannot be read in ${databaseName}; extract it again.`;
}
