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
}

const marker = 'agnes_pat_';

/** A new token secret with a prefix that secret scanners can recognise, its hash, and the part that may be shown. */
export function newTokenSecret(): { secret: string; secretHash: string; prefix: string } {
  const secret = `${marker}${newSecret()}`;
  return { secret, secretHash: sha256(secret), prefix: secret.slice(0, marker.length + 4) };
}
