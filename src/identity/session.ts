/** By which door a session was opened. */
export type SessionDoor = 'setup' | 'password' | 'emailLink' | 'oidc' | 'invite' | 'device';

/** A signed-in browser; its secret is the cookie's value and stored as a hash. */
export interface Session {
  id: string;
  userId: string;
  door: SessionDoor;
  /** What the browser said of itself, at most 200 characters; null: nothing. */
  device: string | null;
  /** The client's address when it was opened. */
  address: string | null;
  createdAt: Date;
  lastUsedAt: Date;
  /** When it ends, however much it is used. */
  expiresAt: Date;
}

const dayMilliseconds = 86_400_000;

/** A session that nobody used for so long has ended: 14 days. */
export const sessionIdleMilliseconds = 14 * dayMilliseconds;

/** A session ends so long after it was opened, however much it is used: 90 days. */
export const sessionLifetimeMilliseconds = 90 * dayMilliseconds;
