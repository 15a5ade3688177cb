import { newId, newSecret, sha256 } from '../kernel/ids.ts';

/** By which door a session was opened. */
export type SessionDoor = 'setup' | 'password' | 'emailLink' | 'oidc' | 'invite' | 'device';

/** A signed-in browser; its secret is the cookie's value and stored as a hash. */
export interface Session {
  id: string;
  secretHash: string;
  userId: string;
  createdAt: Date;
  expiresAt: Date;
}

const lifetimeMilliseconds = 14 * 86_400_000;

/** A session of 14 days from `at`, and the secret for its cookie. */
export function newSession(userId: string, at: Date): { session: Session; secret: string } {
  const secret = newSecret();
  const expiresAt = new Date(at.getTime() + lifetimeMilliseconds);
  return { session: { id: newId(), secretHash: sha256(secret), userId, createdAt: at, expiresAt }, secret };
}
