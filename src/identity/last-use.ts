import { writeLastSeen } from '../people/write-last-seen.ts';
import type { Store } from '../store/store.ts';
import { updateDevicesUsed } from './device.store.ts';
import { updateSessionsUsed } from './session.store.ts';
import { insertTokenAddress, selectTokenAddresses, updateLastUsed, type TokenUse } from './token.store.ts';

/** Opens the notes of last uses, which know every address from which a token was used before. */
export async function openLastUse(store: Store): Promise<LastUse> {
  return new LastUse(await selectTokenAddresses(store.db));
}

/** Collects when credentials and people were last here, and writes it in batches; a crash may lose the last batch. */
export class LastUse {
  readonly #known = new Map<string, Set<string>>();
  #tokens = new Map<string, TokenUse>();
  #sessions = new Map<string, Date>();
  #devices = new Map<string, Date>();
  #users = new Map<string, Date>();
  #newAddresses: { tokenId: string; use: TokenUse }[] = [];

  constructor(known: readonly { tokenId: string; address: string }[]) {
    for (const { tokenId, address } of known) this.#isNew(tokenId, address);
  }

  /** Notes a request of this user at `at`; writes nothing. */
  noteUser(userId: string, at: Date): void {
    this.#users.set(userId, at);
  }

  /** Notes a use of this device; writes nothing. */
  noteDevice(deviceId: string, at: Date): void {
    this.#devices.set(deviceId, at);
  }

  /** Notes a use of this session; writes nothing. */
  noteSession(sessionId: string, at: Date): void {
    this.#sessions.set(sessionId, at);
  }

  /** Notes a use of this token; writes nothing. Whether it never came from this address before. */
  noteToken(tokenId: string, use: TokenUse): boolean {
    this.#tokens.set(tokenId, use);
    if (!this.#isNew(tokenId, use.address)) return false;
    this.#newAddresses.push({ tokenId, use });
    return true;
  }

  /** Writes what was noted since the last flush. */
  async flush(store: Store): Promise<void> {
    if (this.#users.size === 0) return;
    const [tokens, users, newAddresses] = [this.#tokens, this.#users, this.#newAddresses];
    const [sessions, devices] = [this.#sessions, this.#devices];
    this.#tokens = new Map();
    this.#sessions = new Map();
    this.#devices = new Map();
    this.#users = new Map();
    this.#newAddresses = [];
    await store.write(async (tx) => {
      await updateLastUsed(tx, tokens);
      await updateDevicesUsed(tx, devices);
      await updateSessionsUsed(tx, sessions);
      for (const { tokenId, use } of newAddresses) await insertTokenAddress(tx, tokenId, use);
      await writeLastSeen(tx, users);
    });
  }

  #isNew(tokenId: string, address: string): boolean {
    const addresses = this.#known.get(tokenId) ?? new Set();
    this.#known.set(tokenId, addresses);
    if (addresses.has(address)) return false;
    addresses.add(address);
    return true;
  }
}
