import { ResultReturnType, StatementType, type DuckDBConnection, type DuckDBPreparedStatement } from '@duckdb/node-api';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { ReadOnlyError, StoreFailedError, TransactionAbortedError } from '../errors.ts';
import { SerialQueue } from '../serial-queue.ts';
import { translateDuckDbError } from './errors.ts';
import { bindParameters, readValue } from './values.ts';

const keptStatements = 200;

export interface ConnectionOptions {
  /** A connection that reads refuses every other statement. */
  readOnly: boolean;
  onFatal(error: StoreFailedError): void;
}

/** A connection of DuckDB as Kysely uses it: one statement at a time, the last 200 of them kept prepared. */
export class PreparedConnection implements DatabaseConnection {
  readonly #native: DuckDBConnection;
  readonly #options: ConnectionOptions;
  readonly #queue = new SerialQueue();
  readonly #statements = new Map<string, DuckDBPreparedStatement>();
  #failure: unknown;
  #refusal: StoreFailedError | undefined;

  constructor(native: DuckDBConnection, options: ConnectionOptions) {
    this.#native = native;
    this.#options = options;
  }

  executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    return this.#queue.run(() => this.#translated(() => this.#execute<Row>(sql, parameters)));
  }

  // eslint-disable-next-line require-yield
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('The state database does not stream.');
  }

  /** Runs a statement without parameters that is not worth preparing. */
  run(sql: string): Promise<void> {
    return this.#queue.run(() => this.#translated(async () => void (await this.#native.run(sql))));
  }

  async begin(): Promise<void> {
    await this.run('begin');
    this.#failure = undefined;
  }

  /** Refuses when a statement failed since `begin`: DuckDB would roll back and call it committed. */
  async commit(): Promise<void> {
    await this.#queue.run(async () => undefined);
    if (this.#failure) throw new TransactionAbortedError(this.#failure);
    await this.run('commit');
  }

  /** Never throws: a failed commit has ended the transaction already, and a failed database has none. */
  async rollback(): Promise<void> {
    await this.run('rollback').catch(() => undefined);
  }

  /** From now on every statement fails with `reason`. */
  refuse(reason: StoreFailedError): void {
    this.#refusal = reason;
  }

  /** Waits for the running statement, so that nothing runs on a closed connection. */
  close(): Promise<void> {
    return this.#queue.run(async () => this.#native.closeSync());
  }

  async #execute<Row>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> {
    const statement = await this.#prepare(sql);
    if (this.#options.readOnly && statement.statementType !== StatementType.SELECT) throw new ReadOnlyError();
    bindParameters(statement, parameters);
    const result = await statement.run();
    if (result.returnType === ResultReturnType.CHANGED_ROWS) {
      return { rows: [], numAffectedRows: BigInt(result.rowsChanged) };
    }
    return { rows: (await result.convertRowObjects(readValue)) as Row[] };
  }

  async #prepare(sql: string): Promise<DuckDBPreparedStatement> {
    const statement = this.#statements.get(sql) ?? (await this.#native.prepare(sql));
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > keptStatements && oldest !== undefined) {
      this.#statements.get(oldest)?.destroySync();
      this.#statements.delete(oldest);
    }
    return statement;
  }

  async #translated<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#refusal) throw this.#refusal;
    try {
      return await run();
    } catch (error) {
      this.#failure ??= error;
      const translated = translateDuckDbError(error);
      if (translated instanceof StoreFailedError) this.#options.onFatal(translated);
      throw translated;
    }
  }
}
