import type { Principal } from '../operation/principal.ts';
import type { WriteTransaction } from '../store/store.ts';
import { newSession, type Session, type SessionDoor } from './session.ts';
import { insertSession } from './session.store.ts';

/** Who was signed in, and the session's secret for the cookie. */
export interface SignedIn {
  email: string;
  sessionSecret: string;
  expiresAt: Date;
}

/** Opens a session inside a transaction; the secret is for the cookie and in the result alone. */
export async function openSession(
  tx: WriteTransaction,
  given: {
    userId: string;
    door: SessionDoor;
    device: string | null;
    address: string | null;
    presented?: Principal | null;
  },
): Promise<{ session: Session; secret: string }> {
  const { session, secret } = newSession(given.userId, tx.at);
  await insertSession(tx, session);
  return { session, secret };
}
