import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { Connector, ConnectorContext, StatementLimits } from '../../connectors/contract.ts';

interface Config {
  /** A DuckDB file, which stands for the source. */
  file: string;
  /** The most that one statement may be billed for. */
  maxBytesBilled?: number;
}

/** One call of the connector. */
export interface StatementCall {
  kind: 'estimate' | 'run';
  statement: string;
  limits?: StatementLimits;
}

/** A connector whose source is a real DuckDB file, and what was asked of it. */
export interface StatementConnector {
  connector: Connector;
  calls: StatementCall[];
  /** Statements that were cancelled at the source. */
  cancelled: string[];
}

/** Each table that a statement names is billed as this many bytes. */
export const bytesPerTable = 1000;

export function statementConnector(): StatementConnector {
  const calls: StatementCall[] = [];
  const cancelled: string[] = [];

  async function at<Result>(
    { config, signal }: ConnectorContext<Config>,
    statement: string,
    work: (connection: DuckDBConnection) => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const instance = await DuckDBInstance.create(config.file, { access_mode: 'READ_ONLY' });
    const connection = await instance.connect();
    const interrupting = setInterval(() => signal.aborted && connection.interrupt(), 10);
    try {
      return await work(connection);
    } catch (error) {
      if ('bytesBilled' in (error as Error)) throw error;
      const sentence = `The source says: ${(error as Error).message.split('\n')[0]}`;
      if (!signal.aborted) throw new Error(sentence, { cause: error });
      cancelled.push(statement);
      throw signal.reason;
    } finally {
      clearInterval(interrupting);
      connection.closeSync();
      instance.closeSync();
    }
  }

  const connector: Connector<Config, { table: string }> = {
    kind: 'far_duckdb',
    displayName: 'Far DuckDB',
    description: 'A DuckDB file that stands for a system which runs statements.',
    environment: [],
    sourceConfig: z.strictObject({ file: z.string(), maxBytesBilled: z.number().optional() }),
    tableOptions: z.strictObject({ table: z.string() }),
    check: () => Promise.resolve(),
    discover: (context) =>
      at(context, 'discover', async (connection) => {
        const found = await connection.runAndReadAll('SELECT table_name FROM duckdb_tables() ORDER BY 1');
        return found.getRows().map(([table]) => ({ name: String(table), options: { table: String(table) } }));
      }),
    extract: (context, { options }, sink) =>
      at(context, options.table, async (connection) => {
        const path = join(await sink.scratchFolder(), 'rows.parquet');
        await connection.run(`COPY (FROM "${options.table}") TO '${path}' (FORMAT parquet)`);
        await sink.parquet({ path, name: options.table });
      }),
    statements: {
      estimate: (context, { statement }) => {
        calls.push({ kind: 'estimate', statement });
        return at(context, statement, async (connection) => {
          if ((await connection.extractStatements(statement)).count !== 1) throw new Error('one query at a time');
          const found = await connection.runAndReadAll(`DESCRIBE ${statement}`);
          const columns = found.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
          return { columns, bytesProcessed: String(bytesOf(statement)) };
        });
      },
      run: (context, { statement, limits }, sink) => {
        calls.push({ kind: 'run', statement, limits });
        return at(context, statement, async (connection) => {
          const billed = bytesOf(statement);
          const most = Math.min(context.config.maxBytesBilled ?? Infinity, Number(limits.bytesBilled ?? Infinity));
          if (billed > most) throw new Error(`${billed} bytes would be billed, ${most} are allowed`);
          const path = join(await sink.scratchFolder(), 'rows.parquet');
          const { rowsChanged } = await connection.run(
            `COPY (SELECT * FROM (${statement}) LIMIT ${(limits.rows ?? 1e9) + 1}) TO '${path}' (FORMAT parquet)`,
          );
          if (rowsChanged > (limits.rows ?? 1e9)) throw billedError(`more than ${limits.rows} rows`, billed);
          await sink.parquet({ path, name: 'the answer' });
          return { rows: rowsChanged, bytesBilled: String(billed) };
        });
      },
      tableStatement: (_config, { table }, columns) =>
        `SELECT ${columns?.map((name) => `"${name}"`).join(', ') ?? '*'} FROM "${table}"`,
    },
  };
  return { connector: connector as Connector, calls, cancelled };
}

function bytesOf(statement: string): number {
  return bytesPerTable * [...statement.matchAll(/\b(from|join)\b/gi)].length;
}

function billedError(message: string, bytes: number): Error {
  return Object.assign(new Error(message), { bytesBilled: String(bytes) });
}
