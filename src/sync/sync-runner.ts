import { basename, dirname, resolve } from 'node:path';
import { removeUnreferencedFiles, sourceFolderNames } from '../engine/publish-garbage.ts';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';
import { describeExtract } from './describe-extract.ts';
import { runSync } from './run-sync.ts';
import { syncTopic, type SyncEvent } from './sync-event.ts';
import { stoppedSentence, type SyncRun } from './sync-run.ts';
import { failOpenTables, selectOpenRuns, selectSyncRun, updateSyncRun } from './sync-run.store.ts';
import type { TableStateChange } from './table-state.ts';

const concurrentRuns = 2;
/** Longer than any statement or download that may still read a file of an earlier generation. */
const retiredFilesSeconds = 600;

/** Executes queued runs, at most two at once; each source has at most one, because `startSync` queues no second. */
export class SyncRunner {
  readonly #services: Services;
  readonly #extractsDir: string;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #retired = new Map<string, Date>();
  #waiting: string[] = [];

  constructor(services: Services, extractsDir: string) {
    this.#services = services;
    this.#extractsDir = extractsDir;
  }

  /** Marks runs that a crash cut off as failed, then listens for queued ones. */
  async start(): Promise<void> {
    await this.#endInterruptedRuns();
    await this.#describeWhatLostTables(await this.collectGarbage());
    this.#services.store.onCommit((events) => {
      for (const { topic, payload } of events) {
        if (topic === 'tableState') this.#retireDropped(payload as TableStateChange);
        if (topic === syncTopic && (payload as SyncEvent).kind === 'queued') {
          this.#waiting.push((payload as SyncEvent).runId);
        }
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
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Starts nothing more, tells the running connectors to stop, and waits for them. */
  async stop(): Promise<void> {
    this.#waiting = [];
    this.#stopping.abort();
    await this.idle();
  }

  #startWaiting(): void {
    while (this.#running.size < concurrentRuns && !this.#stopping.signal.aborted) {
      const runId = this.#waiting.shift();
      if (runId === undefined) return;
      const running = this.#execute(runId).finally(() => {
        this.#running.delete(running);
        this.#startWaiting();
      });
      this.#running.add(running);
    }
  }

  async #execute(runId: string): Promise<void> {
    const services = this.#services;
    try {
      const run = await selectSyncRun(services.store.db, runId);
      if (!run) throw new Error(`run ${runId} was queued but is not stored`);
      await this.#removeRetiredFiles(services.registry.source(run.sourceId)?.name ?? '');
      const before = services.generations.files();
      const state = await runSync({ services, run, extractsDir: this.#extractsDir, signal: this.#stopping.signal });
      services.log.info({ runId, state }, 'sync run ended');
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
      for (const run of interrupted) {
        await failOpenTables(tx, run.id, stoppedSentence);
        await updateSyncRun(tx, run.id, { state: 'failed', finishedAt: tx.at, error: stoppedSentence });
        const event: SyncEvent = { kind: 'finished', runId: run.id, sourceId: run.sourceId, state: 'failed' };
        tx.emit(syncTopic, event);
      }
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
