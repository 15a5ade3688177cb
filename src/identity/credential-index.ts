import type { CredentialKind, Narrowing } from '../operation/principal.ts';

/** A session, a token or a device's access that may be presented. `expiresAt` is in milliseconds since the epoch; null: never. */
export interface Credential {
  kind: Extract<CredentialKind, 'session' | 'pat' | 'device'>;
  id: string;
  secretHash: string;
  userId: string;
  expiresAt: number | null;
  narrowing?: Narrowing;
}

/** A change of one credential, as the outbox carries it. */
export type CredentialChange = { op: 'put'; row: Credential } | { op: 'drop'; row: { id: string } };

/** Every live credential in memory, so that authentication is two map look-ups. */
export class CredentialIndex {
  readonly #bySecretHash = new Map<string, Credential>();
  readonly #byId = new Map<string, Credential>();

  /** Puts or drops one credential. */
  apply(change: CredentialChange): void {
    const known = this.#byId.get(change.row.id);
    if (known) {
      this.#byId.delete(known.id);
      this.#bySecretHash.delete(known.secretHash);
    }
    if (change.op === 'drop') return;
    this.#byId.set(change.row.id, change.row);
    this.#bySecretHash.set(change.row.secretHash, change.row);
  }

  /** The credential whose secret has this SHA-256, unless it has expired at `now`. */
  findBySecretHash(secretHash: string, now: Date): Credential | null {
    return unexpired(this.#bySecretHash.get(secretHash), now);
  }

  /** The credential with this id, unless it was dropped or has expired at `now`. */
  findById(id: string, now: Date): Credential | null {
    return unexpired(this.#byId.get(id), now);
  }
}

function unexpired(credential: Credential | undefined, now: Date): Credential | null {
  if (!credential) return null;
  return credential.expiresAt === null || credential.expiresAt > now.getTime() ? credential : null;
}
