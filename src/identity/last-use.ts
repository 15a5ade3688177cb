import { writeLastSeen } from '../people/write-last-seen.ts';
import type { Store } from '../store/store.ts';
import { updateLastUsed } from './token.store.ts';

/** Collects when tokens and people were last here, and writes it in batches; a crash may lose the last batch. */
export class LastUse {
  #tokens = new Map<string, Date>();
  #users = new Map<string, Date>();

  /** Notes a request of this user at `at`, with this token when it was one; writes nothing. */
  note(at: Date, used: { userId: string; tokenId: string | null }): void {
    this.#users.set(used.userId, at);
    if (used.tokenId !== null) this.#tokens.set(used.tokenId, at);
  }

  /** Writes what was noted since the last flush. */
  async flush(store: Store): Promise<void> {
    if (this.#users.size === 0) return;
    const [tokens, users] = [this.#tokens, this.#users];
    this.#tokens = new Map();
    this.#users = new Map();
    await store.write(async (tx) => {
      await updateLastUsed(tx, tokens);
      await writeLastSeen(tx, users);
    });
  }
}
