import pg from 'pg';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Log } from '../../kernel/log.ts';
import { StoreClosedError, TransactionAbortedError } from '../errors.ts';
import { translatePostgresError } from './errors.ts';
import { valueTypes } from './values.ts';

export interface ConnectionsOptions {
  databaseUrl: string;
  size: number;
  /** Statements that each new connection runs first. */
  setup: string;
  log?: Log | undefined;
}

/** A pool of connections as Kysely takes it; it ends only after everything running or waiting has ended. */
export class Connections implements PostgresPool {
  readonly #pool: pg.Pool;
  #lent = 0;
  #ending: Promise<void> | undefined;
  #drained: (() => void) | undefined;

  constructor({ databaseUrl, size, setup, log }: ConnectionsOptions) {
    const warn = (error: Error) => log?.warn({ err: error }, 'a connection to PostgreSQL was lost');
    const options = {
      connectionString: databaseUrl,
      max: size,
      types: valueTypes,
      onConnect: async (client: pg.Client) => {
        // A client that is lent has no listener of the pool; without one its loss would end the process.
        client.on('error', warn);
        await client.query(setup);
      },
    };
    this.#pool = new pg.Pool(options);
    this.#pool.on('error', () => undefined);
  }

  async connect(): Promise<PostgresPoolClient> {
    if (this.#ending) throw new StoreClosedError();
    this.#lent += 1;
    try {
      return new TranslatingClient(await this.#pool.connect(), () => this.#giveBack());
    } catch (error) {
      this.#giveBack();
      throw error;
    }
  }

  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    if (this.#lent > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
    await this.#pool.end();
  }

  #giveBack(): void {
    this.#lent -= 1;
    if (this.#lent === 0) this.#drained?.();
  }
}

class TranslatingClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  readonly #released: () => void;

  constructor(client: pg.PoolClient, released: () => void) {
    this.#client = client;
    this.#released = released;
  }

  query<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  query(): never;
  async query(sql = '', parameters: readonly unknown[] = []): Promise<unknown> {
    try {
      const result = await this.#client.query(sql, [...parameters]);
      // PostgreSQL answers so, without an error, when a statement of the transaction had failed.
      if (sql === 'commit' && result.command === 'ROLLBACK') throw new TransactionAbortedError();
      return result;
    } catch (error) {
      // What made the transaction fail is thrown already; the pool drops a broken connection by itself.
      if (sql === 'rollback') return { command: 'ROLLBACK', rowCount: 0, rows: [] };
      throw translatePostgresError(error);
    }
  }

  release(): void {
    this.#client.release();
    this.#released();
  }
}
