import { open, type FileHandle } from 'node:fs/promises';
import type { Log } from '../../kernel/log.ts';
import { firstLine, StoreFailedError } from '../errors.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { PreparedConnection } from './prepared-connection.ts';
import type { StateFiles } from './state-files.ts';

export interface CheckpointOptions {
  intervalSeconds: number;
  /** A shorter log is left as it is. */
  leastLogBytes: number;
  log?: Log | undefined;
  onFatal(error: StoreFailedError): void;
}

/** Moves the log of a file in use into the file now and then, between two transactions. */
export class Checkpoints {
  readonly #files: StateFiles;
  readonly #writing: ConnectionPool;
  readonly #options: CheckpointOptions;
  readonly #handle: FileHandle;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  private constructor(
    place: { files: StateFiles; writing: ConnectionPool; handle: FileHandle },
    options: CheckpointOptions,
  ) {
    this.#files = place.files;
    this.#writing = place.writing;
    this.#handle = place.handle;
    this.#options = options;
    this.#timer = setInterval(() => this.#runOnce(), options.intervalSeconds * 1000).unref();
  }

  /** `writing` holds the one connection that changes the file. */
  static async start(files: StateFiles, writing: ConnectionPool, options: CheckpointOptions): Promise<Checkpoints> {
    return new Checkpoints({ files, writing, handle: await open(files.file, 'r') }, options);
  }

  /** Waits for the running one; no other begins. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** To be called when DuckDB has closed the file: before, it would drop DuckDB's lock on it. */
  closeFile(): Promise<void> {
    return this.#handle.close();
  }

  #runOnce(): void {
    if (this.#running || this.#files.logBytes < this.#options.leastLogBytes) return;
    this.#running = this.#run().finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    const connection = await this.#writing.acquire();
    try {
      await this.#checkpoint(connection);
    } catch (error) {
      // The copy beside the file counts now: a later change would be missing in it.
      const failure = error instanceof StoreFailedError ? error : new StoreFailedError(firstLine(error), error);
      connection.refuse(failure);
      this.#options.onFatal(failure);
    } finally {
      this.#writing.release(connection);
    }
  }

  async #checkpoint(connection: PreparedConnection): Promise<void> {
    try {
      await this.#files.copy(this.#handle);
      await this.#files.declareReady();
      await connection.run('checkpoint');
    } catch (error) {
      if (error instanceof StoreFailedError) throw error;
      this.#options.log?.warn({ err: error }, 'the log of the state database was not folded into its file');
    }
    await this.#files.withdrawReady();
  }
}
