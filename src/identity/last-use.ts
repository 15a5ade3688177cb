import type { Store } from '../store/store.ts';
import { updateLastUsed } from './token.store.ts';

/** Collects when tokens were last used, and writes it in batches: the tail of one batch may be lost in a crash. */
export class LastUse {
  #noted = new Map<string, Date>();

  /** Notes that the token was used at `at`; writes nothing. */
  note(tokenId: string, at: Date): void {
    this.#noted.set(tokenId, at);
  }

  /** Writes what was noted since the last flush. */
  async flush(store: Store): Promise<void> {
    if (this.#noted.size === 0) return;
    const noted = this.#noted;
    this.#noted = new Map();
    await store.write((tx) => updateLastUsed(tx, noted));
  }
}
