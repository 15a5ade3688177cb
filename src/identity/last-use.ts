import { writeLastSeen } from '../people/write-last-seen.ts';
import type { Store } from '../store/store.ts';
import { insertDeviceAddress, selectDeviceAddresses, updateDevicesUsed } from './device.store.ts';
import { updateSessionsUsed } from './session.store.ts';
import { insertTokenAddress, selectTokenAddresses, updateLastUsed, type TokenUse } from './token.store.ts';

/** Opens the notes of last uses, which know every address from which a token or a device was used before. */
export async function openLastUse(store: Store): Promise<LastUse> {
  return new LastUse([...(await selectTokenAddresses(store.db)), ...(await selectDeviceAddresses(store.db))]);
}

interface NewAddress {
  readonly kind: 'pat' | 'device';
  readonly id: string;
  readonly use: TokenUse;
}

/** Collects when credentials and people were last here, and writes it in batches; a crash may lose the last batch. */
export class LastUse {
  readonly #known = new Map<string, Set<string>>();
  #tokens = new Map<string, TokenUse>();
  #sessions = new Map<string, Date>();
  #devices = new Map<string, Date>();
  #users = new Map<string, Date>();
  #newAddresses: NewAddress[] = [];

  constructor(known: readonly { id: string; address: string }[]) {
    for (const { id, address } of known) this.#isNew(id, address);
  }

  /** Notes a request of this user at `at`; writes nothing. */
  noteUser(userId: string, at: Date): void {
    this.#users.set(userId, at);
  }

  /** Notes a use of this device; writes nothing. Whether it never came from this address before. */
  noteDevice(deviceId: string, use: TokenUse): boolean {
    this.#devices.set(deviceId, use.at);
    return this.#noteAddress({ kind: 'device', id: deviceId, use });
  }

  /** Notes a use of this session; writes nothing. */
  noteSession(sessionId: string, at: Date): void {
    this.#sessions.set(sessionId, at);
  }

  /** Notes a use of this token; writes nothing. Whether it never came from this address before. */
  noteToken(tokenId: string, use: TokenUse): boolean {
    this.#tokens.set(tokenId, use);
    return this.#noteAddress({ kind: 'pat', id: tokenId, use });
  }

  /** Writes what was noted since the last flush. */
  async flush(store: Store): Promise<void> {
    if (this.#users.size === 0 && this.#newAddresses.length === 0) return;
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
      for (const { kind, id, use } of newAddresses) {
        await (kind === 'pat' ? insertTokenAddress(tx, id, use) : insertDeviceAddress(tx, id, use));
      }
      await writeLastSeen(tx, users);
    });
  }

  #noteAddress(used: NewAddress): boolean {
    if (!this.#isNew(used.id, used.use.address)) return false;
    this.#newAddresses.push(used);
    return true;
  }

  #isNew(id: string, address: string): boolean {
    const addresses = this.#known.get(id) ?? new Set();
    this.#known.set(id, addresses);
    if (addresses.has(address)) return false;
    addresses.add(address);
    return true;
  }
}
