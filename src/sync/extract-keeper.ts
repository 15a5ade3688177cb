import type { Services } from '../operation/services.ts';
import type { RegistryChange } from '../registry/registry-index.ts';
import { SerialQueue } from '../store/serial-queue.ts';
import type { StoredEvent } from '../store/store.ts';
import { describeExtract } from './describe-extract.ts';
import type { SourceLeftovers } from './source-leftovers.ts';
import { syncTopic, type SyncEvent } from './sync-event.ts';

/**
 * Keeps `extract.duckdb` of each source equal to the registry between runs: rewritten when a table that holds data changes
 * or goes, removed with its source. While a run is under way it waits, because the run writes the extract at its end.
 */
export class ExtractKeeper {
  readonly #services: Services;
  readonly #extractsDir: string;
  readonly #leftovers: SourceLeftovers;
  readonly #queue = new SerialQueue();
  /** Names of sources whose extract is no longer right. */
  readonly #stale = new Set<string>();
  readonly #running = new Set<string>();
  #writing: string | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(services: Services, given: { extractsDir: string; leftovers: SourceLeftovers }) {
    this.#services = services;
    this.#extractsDir = given.extractsDir;
    this.#leftovers = given.leftovers;
    services.store.onCommit((events) => {
      for (const event of events) this.#hear(event);
      for (const source of this.#stale) this.#write(source);
    });
  }

  /** Resolves when every change that was heard of is written. */
  idle(): Promise<void> {
    return this.#last;
  }

  #hear({ topic, payload }: StoredEvent): void {
    if (topic === 'source') this.#hearSource(payload as RegistryChange & { topic: 'source' });
    if (topic === 'table') this.#hearTable(payload as RegistryChange & { topic: 'table' });
    if (topic === syncTopic) this.#hearSync(payload as SyncEvent);
  }

  #hearSource({ op, row }: Extract<RegistryChange, { topic: 'source' }>): void {
    if (op === 'drop') this.#stale.add(row.name);
  }

  #hearTable({ op, row }: Extract<RegistryChange, { topic: 'table' }>): void {
    const source = this.#services.registry.source(row.sourceId);
    const holdsData = op === 'drop' || this.#services.generations.state(row.id)?.lastSyncAt;
    if (source && holdsData) this.#stale.add(source.name);
  }

  #hearSync(event: SyncEvent): void {
    const name = this.#services.registry.source(event.sourceId)?.name;
    if (name === undefined) return;
    if (event.kind === 'started') this.#running.add(name);
    if (event.kind === 'started' && this.#writing === name) this.#stale.add(name);
    if (event.kind === 'finished') this.#running.delete(name);
  }

  #write(source: string): void {
    this.#last = this.#queue.run(async () => {
      if (this.#running.has(source) || !this.#stale.delete(source)) return;
      this.#writing = source;
      try {
        await this.#bringUpToDate(source);
      } catch (error) {
        this.#services.log.error({ err: error, source }, 'the extract could not be described');
      }
      this.#writing = null;
    });
  }

  async #bringUpToDate(name: string): Promise<void> {
    await this.#leftovers.remove();
    const source = this.#services.registry.sourceByName(name);
    if (source) await describeExtract(this.#services, { source, extractsDir: this.#extractsDir });
  }
}
