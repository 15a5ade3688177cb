import type { Services } from '../operation/services.ts';
import { deleteOldDeliveries, selectWaitingSources, type WaitingEvents } from './source-event.store.ts';
import { selectOpenRun } from './sync-run.store.ts';

const longestPauseSeconds = 300;
const keptDeliveryDays = 7;

/** Which sources have events that a run is to work off now. After a run that left some, the next waits ever longer. */
export class WaitingSources {
  readonly #tries = new Map<string, { lastAt: number; pauseSeconds: number }>();

  /** The ids of the sources for which a run shall begin; each counts as begun. */
  async take(services: Services): Promise<string[]> {
    const waiting = await selectWaitingSources(services.store.db);
    const ids = new Set(waiting.map(({ sourceId }) => sourceId));
    for (const sourceId of this.#tries.keys()) if (!ids.has(sourceId)) this.#tries.delete(sourceId);
    const now = services.clock.now().getTime();
    const taken: string[] = [];
    for (const source of waiting) if (await this.#isDue(services, source, now)) taken.push(source.sourceId);
    return taken;
  }

  async #isDue(services: Services, { sourceId, oldestAt }: WaitingEvents, now: number): Promise<boolean> {
    if (services.registry.tablesOf(sourceId).length === 0) return false;
    const last = this.#tries.get(sourceId);
    const wasLeft = last !== undefined && oldestAt.getTime() <= last.lastAt;
    if (wasLeft && now < last.lastAt + last.pauseSeconds * 1000) return false;
    if (await selectOpenRun(services.store.db, sourceId)) return false;
    const pauseSeconds = wasLeft ? Math.min(last.pauseSeconds * 2, longestPauseSeconds) : 2;
    this.#tries.set(sourceId, { lastAt: now, pauseSeconds });
    return true;
  }
}

/** Forgets deliveries of webhooks that are older than any system sends again. */
export async function forgetDeliveries({ store, clock }: Services): Promise<void> {
  const before = new Date(clock.now().getTime() - keptDeliveryDays * 24 * 3_600_000);
  await store.write((tx) => deleteOldDeliveries(tx, before));
}
