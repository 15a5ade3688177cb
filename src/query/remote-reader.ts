import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openExtraction } from '../engine/extraction.ts';
import { cancelled, StatementsBusyError, StatementTooLargeError, timedOut } from '../engine/statement-errors.ts';
import type { Failure } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Services } from '../operation/services.ts';
import { folderSize } from './folder-size.ts';
import { readRemote } from './read-remote.ts';
import type { RemoteBill, RemoteLimits, RemoteOrder } from './remote-order.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly remoteReader: RemoteReader;
  }
}

/** The rows of one order, as Parquet files that are there until the reading ends. */
export interface RemoteRows {
  readonly name: string;
  readonly files: readonly string[];
}

/** Who wants which orders read, and what to do with their rows. */
export interface Reading<Result> {
  readonly orders: readonly RemoteOrder[];
  readonly userId: string;
  readonly signal?: AbortSignal;
  use(rows: readonly RemoteRows[]): Promise<Result>;
}

/** What a reading came to, and what it cost, also when it failed. */
export type ReadingOutcome<Result> = { readonly bills: readonly RemoteBill[] } & (
  | { readonly result: Result }
  | { readonly failure: unknown }
);

const sizePollMs = 250;

/**
 * Reads orders at their sources into a private folder, each exactly once and side by side, hands the rows on, and removes them. When
 * one fails, a limit is passed or the caller goes away, all are cancelled at their sources. Owns its folder.
 */
export class RemoteReader {
  readonly #services: Services;
  readonly #folder: string;
  readonly #limits: RemoteLimits;
  readonly #running = new Set<{ userId: string; stop: AbortController; ended: Promise<unknown> }>();

  constructor(services: Services, given: { folder: string; limits: RemoteLimits }) {
    this.#services = services;
    this.#folder = given.folder;
    this.#limits = given.limits;
  }

  /** Removes what a crash left behind. */
  async start(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Cancels every reading at its sources and waits for it. */
  async stop(): Promise<void> {
    const running = [...this.#running];
    for (const { stop } of running) stop.abort(cancelled());
    await Promise.all(running.map(({ ended }) => ended));
  }

  /** Resolves also when the reading failed, so that the bills are known; throws a `StatementsBusyError` before anything is asked. */
  async read<Result>(reading: Reading<Result>): Promise<ReadingOutcome<Result>> {
    const { userId } = reading;
    this.#refuseWhenBusy(userId);
    const stop = new AbortController();
    const ended = this.#readAndUse(reading, stop);
    const entry = { userId, stop, ended };
    this.#running.add(entry);
    try {
      return await ended;
    } finally {
      this.#running.delete(entry);
    }
  }

  async #readAndUse<Result>(reading: Reading<Result>, stop: AbortController): Promise<ReadingOutcome<Result>> {
    const folder = join(this.#folder, newId());
    const endWatches = this.#watch(reading, { stop, folder });
    const bills: RemoteBill[] = [];
    try {
      const rows = await this.#readAll(reading.orders, { folder, stop, bills });
      return { bills, result: await reading.use(rows) };
    } catch (failure) {
      return { bills, failure };
    } finally {
      endWatches();
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #readAll(
    orders: readonly RemoteOrder[],
    given: { folder: string; stop: AbortController; bills: RemoteBill[] },
  ): Promise<RemoteRows[]> {
    const { folder, stop, bills } = given;
    stop.signal.throwIfAborted();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const extraction = await openExtraction({
      extractsDir: folder,
      source: 'remote',
      memoryLimitMb: this.#limits.memoryLimitMb,
      signal: stop.signal,
    });
    try {
      const limits = this.#limits;
      const outcomes = await Promise.all(
        orders.map(async (order) => {
          const outcome = await readRemote(this.#services, { order, extraction, limits, signal: stop.signal });
          if ('failure' in outcome) stop.abort(outcome.failure);
          return outcome;
        }),
      );
      bills.push(...outcomes.map(({ bill }) => bill));
      stop.signal.throwIfAborted();
      if (bills.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0) > limits.bytes)
        throw tooManyBytes(limits.bytes);
      return outcomes.flatMap(({ bill: { name }, ...outcome }) =>
        'files' in outcome ? [{ name, files: outcome.files }] : [],
      );
    } finally {
      await extraction.close();
    }
  }

  #watch(reading: Pick<Reading<unknown>, 'signal'>, given: { stop: AbortController; folder: string }): () => void {
    const { timeoutSeconds, bytes } = this.#limits;
    const end = (reason: Failure) => given.stop.abort(reason);
    const goAway = () => end(cancelled());
    if (reading.signal?.aborted) goAway();
    reading.signal?.addEventListener('abort', goAway, { once: true });
    const time = setTimeout(() => end(timedOut(timeoutSeconds)), timeoutSeconds * 1000);
    const size = setInterval(() => {
      void folderSize(given.folder).then((found) => found > bytes && end(tooManyBytes(bytes)));
    }, sizePollMs);
    return () => {
      reading.signal?.removeEventListener('abort', goAway);
      clearTimeout(time);
      clearInterval(size);
    };
  }

  #refuseWhenBusy(userId: string): void {
    const own = [...this.#running].filter((reading) => reading.userId === userId).length;
    if (this.#running.size < this.#limits.concurrent && own < this.#limits.concurrentOfOne) return;
    throw new StatementsBusyError('Too many statements read at sources now; try again in a moment.');
  }
}

function tooManyBytes(bytes: number): StatementTooLargeError {
  const mebibytes = Math.floor(bytes / 2 ** 20);
  return new StatementTooLargeError(
    `What a statement reads at sources takes at most ${mebibytes} MiB; filter or aggregate at the source.`,
  );
}
