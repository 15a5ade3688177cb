import { StoreClosedError } from '../errors.ts';
import type { PreparedConnection } from './prepared-connection.ts';

/** Lends each connection to one task at a time, first come first served. */
export class ConnectionPool {
  readonly #all: readonly PreparedConnection[];
  readonly #idle: PreparedConnection[];
  readonly #waiting: ((connection: PreparedConnection) => void)[] = [];
  #closing: Promise<void> | undefined;
  #drained: (() => void) | undefined;

  constructor(connections: readonly PreparedConnection[]) {
    this.#all = connections;
    this.#idle = [...connections];
  }

  async acquire(): Promise<PreparedConnection> {
    if (this.#closing) throw new StoreClosedError();
    return this.#idle.pop() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(connection: PreparedConnection): void {
    const next = this.#waiting.shift();
    if (next) return next(connection);
    this.#idle.push(connection);
    if (this.#idle.length === this.#all.length) this.#drained?.();
  }

  /** Lends nothing any more, waits until everything lent or promised is back, then closes all connections. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#idle.length < this.#all.length) await new Promise<void>((resolve) => (this.#drained = resolve));
    await Promise.all(this.#all.map((connection) => connection.close()));
  }
}
