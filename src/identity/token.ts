import type { Narrowing } from '../operation/principal.ts';
import { newSecret, sha256 } from '../kernel/ids.ts';

/** A personal access token; its secret is shown once and stored as a hash. */
export interface Token {
  id: string;
  userId: string;
  name: string;
  /** The secret's beginning, so that its owner recognises it. */
  prefix: string;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  /** The address it was last used from, as the server saw it. */
  lastUsedAddress: string | null;
  narrowing: Narrowing;
}

const marker = 'agnes_pat_';

/** Gives up nothing. */
export const notNarrowed: Narrowing = { readOnly: false, tableIds: null, roleKeys: null };

/** What the credential index keeps of a narrowing: nothing when it gives up nothing. */
export function indexedNarrowing(narrowing: Narrowing): { narrowing?: Narrowing } {
  const { readOnly, tableIds, roleKeys } = narrowing;
  return readOnly || tableIds || roleKeys ? { narrowing } : {};
}

/** A new token secret with a prefix that secret scanners can recognise, its hash, and the part that may be shown. */
export function newTokenSecret(): { secret: string; secretHash: string; prefix: string } {
  const secret = `${marker}${newSecret()}`;
  return { secret, secretHash: sha256(secret), prefix: secret.slice(0, marker.length + 4) };
}
