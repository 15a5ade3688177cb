import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from 'kysely';
import type { ConnectionPool } from './connection-pool.ts';
import type { PreparedConnection } from './prepared-connection.ts';

/** Kysely on DuckDB: its SQL is PostgreSQL's, the connections are those of `pool`. No savepoints, no streams. */
export function createDuckDbDialect(pool: ConnectionPool): Dialect {
  return {
    createDriver: () => new DuckDbDriver(pool),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

class DuckDbDriver implements Driver {
  readonly #pool: ConnectionPool;

  constructor(pool: ConnectionPool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<DatabaseConnection> {
    return this.#pool.acquire();
  }

  beginTransaction(connection: PreparedConnection): Promise<void> {
    return connection.begin();
  }

  commitTransaction(connection: PreparedConnection): Promise<void> {
    return connection.commit();
  }

  rollbackTransaction(connection: PreparedConnection): Promise<void> {
    return connection.rollback();
  }

  async releaseConnection(connection: PreparedConnection): Promise<void> {
    this.#pool.release(connection);
  }

  destroy(): Promise<void> {
    return this.#pool.close();
  }
}
