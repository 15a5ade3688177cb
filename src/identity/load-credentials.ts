import type { Store } from '../store/store.ts';
import { CredentialIndex, mostPastCredentials, type CredentialChange } from './credential-index.ts';
import { selectDevices } from './device.store.ts';
import { selectSessions } from './session.store.ts';
import { selectLiveTokens, selectRevokedTokens } from './token.store.ts';
import { indexedNarrowing } from './token.ts';

/** Fills the credential index from the store and keeps it equal to what is committed from then on. */
export async function loadCredentials(store: Store): Promise<CredentialIndex> {
  const index = new CredentialIndex();
  for (const { id, secretHash, userId, expiresAt, lastUsedAt } of await selectSessions(store.db)) {
    const instants = { expiresAt: expiresAt.getTime(), lastUsedAt: lastUsedAt.getTime() };
    index.apply({ op: 'put', row: { kind: 'session', id, secretHash, userId, ...instants } });
  }
  for (const { id, secretHash, userId, expiresAt, narrowing } of await selectLiveTokens(store.db)) {
    const known = { kind: 'pat' as const, id, secretHash, userId, expiresAt: expiresAt?.getTime() ?? null };
    index.apply({ op: 'put', row: { ...known, ...indexedNarrowing(narrowing) } });
  }
  for (const { id, secretHash, userId, expiresAt } of await selectRevokedTokens(store.db, mostPastCredentials)) {
    const credential = { kind: 'pat' as const, id, secretHash, userId, expiresAt: expiresAt?.getTime() ?? null };
    index.addPast({ credential, state: 'revoked' });
  }
  for (const { id, accessHash: secretHash, userId, accessExpiresAt } of await selectDevices(store.db)) {
    index.apply({ op: 'put', row: { kind: 'device', id, secretHash, userId, expiresAt: accessExpiresAt.getTime() } });
  }
  store.onCommit((events) => {
    for (const { topic, payload } of events) {
      if (topic === 'credential') index.apply(payload as CredentialChange);
    }
  });
  return index;
}
