import { basename, dirname, resolve } from 'node:path';
import { removeUnreferencedFiles, sourceFolderNames } from '../engine/publish-garbage.ts';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';
import { describeExtract } from './describe-extract.ts';
import { endCutOffRun } from './end-cut-off-run.ts';
import { runSync } from './run-sync.ts';
import type { SourceLeftovers } from './source-leftovers.ts';
import { syncTopic, type SyncEvent } from './sync-event.ts';
import { stoppedSentence, type SyncRun } from './sync-run.ts';
import { selectOpenRuns, selectSyncRun } from './sync-run.store.ts';
import type { TableStateChange } from './table-state.ts';

const concurrentRuns = 2;
/** Longer than any statement or download that may still read a file of an earlier generation. */
const retiredFilesSeconds = 600;

type RunOfSource = Pick<SyncRun, 'id' | 'sourceId'>;

/** A run that was begun and has not come to rest: a cancelled one may still wait for its connector to stop. */
interface Execution {
  readonly run: RunOfSource;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** Executes queued runs, at most two at once and one of each source, and stops those that are cancelled. */
export class SyncRunner {
  readonly #services: Services;
  readonly #extractsDir: string;
  readonly #leftovers: SourceLeftovers;
  readonly #running = new Map<string, Execution>();
  readonly #retired = new Map<string, Date>();
  #waiting: RunOfSource[] = [];
  #stopped = false;

  constructor(services: Services, given: { extractsDir: string; leftovers: SourceLeftovers }) {
    this.#services = services;
    this.#extractsDir = given.extractsDir;
    this.#leftovers = given.leftovers;
  }

  /** Marks runs that a crash cut off as failed and removes what deleted sources left, then listens for queued ones. */
  async start(): Promise<void> {
    await this.#leftovers.remove();
    await this.#endInterruptedRuns();
    await this.#describeWhatLostTables(await this.collectGarbage());
    this.#services.store.onCommit((events) => {
      for (const { topic, payload } of events) {
        if (topic === 'tableState') this.#retireDropped(payload as TableStateChange);
        if (topic === syncTopic) this.#hear(payload as SyncEvent);
      }
      this.#startWaiting();
    });
  }

  /**
   * Deletes the files that no table holds and nothing can be reading any more, also of sources that are gone; resolves to
   * their paths. Does nothing while a run is under way.
   */
  async collectGarbage(): Promise<string[]> {
    const removed: string[] = [];
    for (const source of await sourceFolderNames(this.#extractsDir)) {
      if (this.#running.size === 0) removed.push(...(await this.#removeRetiredFiles(source)));
    }
    return removed;
  }

  /** Resolves when no run is queued or running. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** Starts nothing more, tells the running connectors to stop, and waits for them. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting = [];
    for (const { abort } of this.#running.values()) abort.abort();
    await this.idle();
  }

  #hear(event: SyncEvent): void {
    if (event.kind === 'queued') this.#waiting.push({ id: event.runId, sourceId: event.sourceId });
    if (event.kind !== 'finished') return;
    this.#waiting = this.#waiting.filter(({ id }) => id !== event.runId);
    if (event.state === 'cancelled') this.#running.get(event.runId)?.abort.abort();
  }

  #startWaiting(): void {
    while (this.#running.size < concurrentRuns && !this.#stopped) {
      const busy = new Set([...this.#running.values()].map(({ run }) => run.sourceId));
      const run = this.#waiting.find(({ sourceId }) => !busy.has(sourceId));
      if (!run) return;
      this.#waiting = this.#waiting.filter((other) => other !== run);
      this.#begin(run);
    }
  }

  #begin(run: RunOfSource): void {
    const abort = new AbortController();
    const ended = this.#execute(run.id, abort.signal).finally(() => {
      this.#running.delete(run.id);
      this.#startWaiting();
    });
    this.#running.set(run.id, { run, abort, ended });
  }

  async #execute(runId: string, signal: AbortSignal): Promise<void> {
    const services = this.#services;
    try {
      const run = await selectSyncRun(services.store.db, runId);
      if (!run) throw new Error(`run ${runId} was queued but is not stored`);
      await this.#removeRetiredFiles(services.registry.source(run.sourceId)?.name ?? '');
      await this.#leftovers.remove();
      const before = services.generations.files();
      await runSync({ services, run, extractsDir: this.#extractsDir, signal });
      services.log.info({ runId }, 'sync run ended');
      const after = services.generations.files();
      for (const path of before) if (!after.has(path)) this.#retired.set(path, services.clock.now());
    } catch (error) {
      services.log.error({ err: error, runId }, 'sync run could not be executed');
    }
  }

  /** What began before the table was dropped may still read its files for a while. */
  #retireDropped({ op, row }: TableStateChange): void {
    if (op === 'put') return;
    for (const { path } of row.files) this.#retired.set(path, this.#services.clock.now());
  }

  /** A stop just after tables were dropped may have come before their extract was written anew. */
  async #describeWhatLostTables(removed: readonly string[]): Promise<void> {
    const { registry } = this.#services;
    for (const source of registry.sources()) {
      const kept = new Set(registry.tablesOf(source.id).map((table) => table.name));
      const folder = resolve(this.#extractsDir, source.name, 'data');
      const lost = removed.some((path) => dirname(dirname(path)) === folder && !kept.has(basename(dirname(path))));
      if (lost) await this.#describe(source);
    }
  }

  async #endInterruptedRuns(): Promise<void> {
    const { store } = this.#services;
    const interrupted: SyncRun[] = await selectOpenRuns(store.db);
    if (interrupted.length === 0) return;
    await store.write(async (tx) => {
      for (const run of interrupted) await endCutOffRun(tx, { run, sentence: stoppedSentence, dueAgain: true });
    });
    await this.#describeExtractsAgain(interrupted);
  }

  /** A run that was cut off may have described files that no generation came to name, and that are removed now. */
  async #describeExtractsAgain(interrupted: readonly SyncRun[]): Promise<void> {
    for (const { sourceId } of interrupted) {
      const source = this.#services.registry.source(sourceId);
      if (source) await this.#describe(source);
    }
  }

  async #describe(source: Source): Promise<void> {
    await describeExtract(this.#services, { source, extractsDir: this.#extractsDir }).catch((error: unknown) => {
      this.#services.log.error({ err: error, source: source.name }, 'the extract could not be described');
    });
  }

  /** Only while no run of this source extracts: a running one has files that no generation names yet. */
  async #removeRetiredFiles(source: string): Promise<string[]> {
    const { clock, generations } = this.#services;
    const keep = generations.files();
    const retiredBefore = clock.now().getTime() - retiredFilesSeconds * 1000;
    for (const [path, at] of this.#retired) {
      if (at.getTime() < retiredBefore) this.#retired.delete(path);
      else keep.add(path);
    }
    return removeUnreferencedFiles({ extractsDir: this.#extractsDir, source, keep, olderThan: clock.now() });
  }
}
