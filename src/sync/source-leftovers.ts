import { rm } from 'node:fs/promises';
import { removeExtract } from '../engine/publish-extract.ts';
import type { Services } from '../operation/services.ts';
import { SerialQueue } from '../store/serial-queue.ts';
import { keptFolder } from './run-context.ts';
import { deleteSourceLeftover, selectSourceLeftovers } from './source-leftover.store.ts';

/**
 * Removes what deleted sources kept. Their deletion is noted with them, so that a stop in between costs nothing; a folder that no
 * source ever had, as one that was put there before its source is made, is not touched.
 */
export class SourceLeftovers {
  readonly #services: Services;
  readonly #extractsDir: string;
  readonly #queue = new SerialQueue();

  constructor(services: Services, extractsDir: string) {
    this.#services = services;
    this.#extractsDir = extractsDir;
  }

  /** Resolves when nothing is left of the sources that were deleted before; a run awaits it before it keeps anything. */
  remove(): Promise<void> {
    return this.#queue.run(async () => {
      const { store } = this.#services;
      for (const { sourceId, name } of await selectSourceLeftovers(store.db)) {
        await this.#removeFolder(name);
        await store.write((tx) => deleteSourceLeftover(tx, sourceId));
      }
    });
  }

  async #removeFolder(name: string): Promise<void> {
    await rm(keptFolder(this.#extractsDir, name), { recursive: true, force: true });
    // Another source may have taken the name.
    if (!this.#services.registry.sourceByName(name)) await removeExtract(this.#extractsDir, name);
  }
}
