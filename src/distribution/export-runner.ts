import { mkdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exportStatement, type ExportLimits } from '../engine/statement-export.ts';
import { Failure } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import type { Spender } from '../query/audit-remotes.ts';
import { overRemoteTables } from '../query/over-remote-tables.ts';
import { readableSet } from '../sharing/readable-set.ts';
import { ownerMayHave, tablesNamed } from './exported-tables.ts';
import { exportTopic, fileKinds, type Export, type ExportEvent } from './export.ts';
import { selectExport, selectExportIds, selectOpenExports, updateExport } from './export.store.ts';

const stoppedSentence = 'The server stopped before the export had ended; export again.';
const brokenSentence = 'The export could not be written; an administrator finds the reason in the log.';

/** What one export may take, and how many run at once. */
export const exportLimits: ExportLimits & { readonly concurrent: number } = {
  concurrent: 2,
  memoryLimitMb: 1024,
  maxBytes: 10 * 2 ** 30,
  timeoutSeconds: 600,
};

/**
 * Executes queued exports, each in a process of its own, at most one of each person at a time. Owns the folder of their files:
 * what no succeeded export names is removed at start, and a file goes when its row goes.
 */
export class ExportRunner {
  readonly #services: Services;
  readonly #folder: string;
  readonly #limits: typeof exportLimits;
  readonly #running = new Map<string, { userId: string; stop: AbortController; ended: Promise<void> }>();
  #waiting: { id: string; userId: string }[] = [];
  #turn: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(services: Services, given: { folder: string; limits: typeof exportLimits }) {
    this.#services = services;
    this.#folder = given.folder;
    this.#limits = given.limits;
  }

  /** Ends what a crash cut off, removes files without a row, then listens for queued exports. */
  async start(): Promise<void> {
    const { store } = this.#services;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const interrupted = await selectOpenExports(store.db);
    if (interrupted.length > 0) {
      await store.write(async (tx) => {
        for (const { id } of interrupted) {
          await updateExport(tx, id, { state: 'failed', finishedAt: tx.at, error: stoppedSentence });
        }
      });
    }
    const kept = new Set(await selectExportIds(store.db));
    for (const name of await readdir(this.#folder)) {
      if (!kept.has(name.replace(/\.[^.]+$/, ''))) await rm(join(this.#folder, name), { recursive: true, force: true });
    }
    store.onCommit((events) => {
      for (const { topic, payload } of events) if (topic === exportTopic) this.#hear(payload as ExportEvent);
    });
  }

  /** Where the file of a succeeded export is. */
  pathOf({ id, format }: Pick<Export, 'id' | 'format'>): string {
    return join(this.#folder, `${id}.${fileKinds[format].extension}`);
  }

  /** Resolves when nothing is queued or running and no file is being removed. */
  async idle(): Promise<void> {
    await this.#turn;
    while (this.#running.size > 0) {
      await Promise.all(Array.from(this.#running.values(), ({ ended }) => ended));
      await this.#turn;
    }
  }

  /** Starts nothing more, ends what runs, and waits for it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#waiting = [];
    for (const { stop } of this.#running.values()) stop.abort();
    await this.idle();
  }

  #hear({ op, row }: ExportEvent): void {
    this.#turn = this.#turn
      .then(() => (op === 'put' ? this.#queue(row.id) : this.#drop(row.id)))
      .catch((error: unknown) => this.#services.log.error({ err: error, exportId: row.id }, 'export event failed'));
  }

  async #queue(id: string): Promise<void> {
    const row = await selectExport(this.#services.store.db, id);
    if (row?.state === 'queued') this.#waiting.push(row);
    this.#startWaiting();
  }

  async #drop(id: string): Promise<void> {
    this.#waiting = this.#waiting.filter((waiting) => waiting.id !== id);
    this.#running.get(id)?.stop.abort();
    await Promise.all(
      Object.values(fileKinds).map(({ extension }) => rm(join(this.#folder, `${id}.${extension}`), { force: true })),
    );
  }

  #startWaiting(): void {
    while (!this.#stopping && this.#running.size < this.#limits.concurrent) {
      const busy = new Set(Array.from(this.#running.values(), ({ userId }) => userId));
      const next = this.#waiting.find(({ userId }) => !busy.has(userId));
      if (!next) return;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      const stop = new AbortController();
      const ended = this.#execute(next.id, stop.signal).finally(() => {
        this.#running.delete(next.id);
        this.#startWaiting();
      });
      this.#running.set(next.id, { userId: next.userId, stop, ended });
    }
  }

  async #execute(id: string, signal: AbortSignal): Promise<void> {
    const { store, log } = this.#services;
    try {
      const started = await store.write((tx) => updateExport(tx, id, { state: 'running' }));
      const row = started ? await selectExport(store.db, id) : null;
      if (!row) return;
      const change = await this.#write(row, signal);
      const there = await store.write((tx) => updateExport(tx, id, { ...change, finishedAt: tx.at }));
      if (!there) await this.#drop(id);
      log.info({ exportId: id, state: change.state }, 'export ended');
    } catch (error) {
      log.error({ err: error, exportId: id }, 'export could not be executed');
    }
  }

  #spenderOf({ userId }: Export): Spender {
    const email = this.#services.accessIndex.user(userId)?.email ?? userId;
    return { userId, email, credential: { kind: 'system', id: 'export' } };
  }

  /** Writes the file by the rights of this instant; resolves to what to store. */
  async #write(row: Export, signal: AbortSignal): Promise<Partial<Export>> {
    const { generations, statements, log, remotes } = this.#services;
    try {
      if (!ownerMayHave(this.#services, row)) throw new StoppedExport('You may no longer read what this export reads.');
      const { statement, format } = row;
      // No more than was asked for: the credential that asked may have been narrowed to less than the person reads.
      const readable = generations.catalogFor(readableSet(row.tableIds.toSorted()));
      const limits = this.#limits;
      const { rowCount, tables, ...file } = await overRemoteTables(this.#services, {
        catalog: readable,
        statement,
        spender: this.#spenderOf(row),
        requestId: `export:${row.id}`,
        signal,
        inspect: (catalog) => statements.inspect({ catalog, statement, owner: row.userId, signal }),
        run: (catalog) =>
          exportStatement({ catalog, statement, format, path: this.pathOf(row), limits, signal, log, remotes }),
      });
      const tableIds = tablesNamed(this.#services, { reader: row.userId, sqlNames: tables });
      return { state: 'succeeded', rows: rowCount, ...file, tableIds };
    } catch (error) {
      await this.#drop(row.id);
      if (this.#stopping) return { state: 'failed', error: stoppedSentence };
      if (error instanceof Failure) {
        log.info({ exportId: row.id, code: error.code, detail: error.detail }, 'export failed');
        return { state: 'failed', error: error.message };
      }
      log.error({ err: error, exportId: row.id }, 'export failed');
      return { state: 'failed', error: brokenSentence };
    }
  }
}

class StoppedExport extends Failure {
  readonly code = 'EXPORT_STOPPED';
}
