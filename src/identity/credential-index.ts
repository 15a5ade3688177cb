import type { CredentialKind, Narrowing } from '../operation/principal.ts';
import { sessionIdleMilliseconds } from './session.ts';

/** A session, a token or a device's access that may be presented. Instants are in milliseconds since the epoch. */
export interface Credential {
  kind: Extract<CredentialKind, 'session' | 'pat' | 'device'>;
  id: string;
  secretHash: string;
  userId: string;
  /** Null: never. */
  expiresAt: number | null;
  narrowing?: Narrowing;
  /** Of sessions only: those end when they are not used. */
  lastUsedAt?: number;
}

/** A change of one credential, as the outbox carries it; `endedAt` in milliseconds since the epoch. */
export type CredentialChange = { op: 'put'; row: Credential } | { op: 'drop'; row: { id: string; endedAt: number } };

/** A credential that is known and may not count: somebody ended it, its device has the next one, its time is over, or none of these. */
export interface KnownCredential {
  readonly credential: Readonly<Credential>;
  readonly state: 'revoked' | 'replaced' | 'over' | 'live';
  /** When it was revoked or replaced, in milliseconds since the epoch. */
  readonly endedAt?: number;
}

/** How many credentials that were revoked or replaced are remembered: the last ones. */
export const mostPastCredentials = 10_000;

/** Every live credential in memory, so that authentication is two map look-ups. */
export class CredentialIndex {
  readonly #bySecretHash = new Map<string, Credential>();
  readonly #byId = new Map<string, Credential>();
  readonly #past = new Map<string, KnownCredential>();

  /** Puts or drops one credential. */
  apply(change: CredentialChange): void {
    const known = this.#byId.get(change.row.id);
    if (known) {
      this.#byId.delete(known.id);
      this.#bySecretHash.delete(known.secretHash);
    }
    if (change.op === 'drop') {
      if (known) this.addPast({ credential: known, state: 'revoked', endedAt: change.row.endedAt });
      return;
    }
    const row = { ...change.row };
    if (known && known.secretHash !== row.secretHash) this.addPast({ credential: known, state: 'replaced' });
    this.#byId.set(row.id, row);
    this.#bySecretHash.set(row.secretHash, row);
  }

  /** The credential whose secret has this SHA-256, unless it has ended at `now`. */
  findBySecretHash(secretHash: string, now: Date): Readonly<Credential> | null {
    return live(this.#bySecretHash.get(secretHash), now);
  }

  /** The credential with this id, unless it was dropped or has ended at `now`. */
  findById(id: string, now: Date): Readonly<Credential> | null {
    return live(this.#byId.get(id), now);
  }

  /** What this SHA-256 of a secret is or was; null when it is nobody's, or is forgotten. */
  findKnown(secretHash: string, now: Date): KnownCredential | null {
    const credential = this.#bySecretHash.get(secretHash);
    if (credential) return { credential, state: live(credential, now) ? 'live' : 'over' };
    const past = this.#past.get(secretHash);
    if (!past) return null;
    const wouldBeOver = past.credential.kind !== 'pat' && !live(past.credential, now);
    return wouldBeOver ? { ...past, state: 'over' } : past;
  }

  /** Remembers a credential that counts no more, in the place of the one that ended first. */
  addPast(past: KnownCredential): void {
    this.#past.set(past.credential.secretHash, past);
    for (const eldest of this.#past.keys()) {
      if (this.#past.size <= mostPastCredentials) return;
      this.#past.delete(eldest);
    }
  }

  /** Forgets a credential that counts no more. */
  forgetPast(secretHash: string): void {
    this.#past.delete(secretHash);
  }

  /** Notes that this session was used at `now`, so that its idle limit runs from there. */
  sessionUsed(id: string, now: Date): void {
    const credential = this.#byId.get(id);
    if (credential?.lastUsedAt !== undefined) credential.lastUsedAt = now.getTime();
  }

  /** The ids of the sessions that have ended by themselves at `now`. */
  endedSessions(now: Date): string[] {
    return [...this.#byId.values()]
      .filter((credential) => credential.kind === 'session' && !live(credential, now))
      .map(({ id }) => id);
  }
}

function live(credential: Credential | undefined, now: Date): Credential | null {
  if (!credential) return null;
  const { expiresAt, lastUsedAt } = credential;
  if (expiresAt !== null && expiresAt <= now.getTime()) return null;
  if (lastUsedAt !== undefined && lastUsedAt + sessionIdleMilliseconds <= now.getTime()) return null;
  return credential;
}
