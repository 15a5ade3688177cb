import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** A private in-memory DuckDB: statements run side by side, each on its own connection, until `close`. */
export interface Session {
  readonly signal: AbortSignal;
  /** Runs one statement and reads its rows as plain objects; rejects with the signal's reason once it is aborted. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Interrupts what runs, waits for it to end, and frees the instance. */
  close(): Promise<void>;
}

/** Opens a session that spills into `temporaryFolder`, keeps time in UTC and loads no extension from elsewhere. */
export async function openSession(options: {
  temporaryFolder: string;
  memoryLimitMb: number;
  signal: AbortSignal;
}): Promise<Session> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: `${options.memoryLimitMb}MB`,
    temp_directory: options.temporaryFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const setup = await instance.connect();
  await setup.run("SET GLOBAL TimeZone = 'UTC'");
  await setup.run('SET GLOBAL lock_configuration = true');
  setup.closeSync();

  const connections = new Set<DuckDBConnection>();
  const running = new Set<Promise<unknown>>();
  let closed = false;

  /** Again and again, because an interrupt that comes before its statement has started is lost. */
  function interrupt(): void {
    for (const connection of connections) connection.interrupt();
    if (connections.size > 0) setTimeout(interrupt, 50);
  }
  options.signal.addEventListener('abort', interrupt);

  async function runAlone(sql: string): Promise<Record<string, unknown>[]> {
    const connection = await instance.connect();
    connections.add(connection);
    try {
      options.signal.throwIfAborted();
      if (closed) throw new Error('the extraction is closed');
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjectsJS();
    } catch (error) {
      options.signal.throwIfAborted();
      throw error;
    } finally {
      connections.delete(connection);
      connection.closeSync();
    }
  }

  return {
    signal: options.signal,
    query(sql) {
      if (closed) return Promise.reject(new Error('the extraction is closed'));
      const run = runAlone(sql);
      running.add(run);
      const forget = () => running.delete(run);
      run.then(forget, forget);
      return run;
    },
    async close() {
      if (closed) return;
      closed = true;
      interrupt();
      await Promise.allSettled(running);
      options.signal.removeEventListener('abort', interrupt);
      instance.closeSync();
    },
  };
}
