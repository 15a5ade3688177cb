import { newId, newSecret, sha256 } from '../kernel/ids.ts';
import type { Principal } from '../operation/principal.ts';
import type { WriteTransaction } from '../store/store.ts';
import { sessionLifetimeMilliseconds, type Session, type SessionDoor } from './session.ts';
import { deleteSession, insertSession } from './session.store.ts';

const longestDevice = 200;

/**
 * Opens a session inside a transaction; always a new one, with a new secret, which is for the cookie and in the result
 * alone. The session that the request presented, if any, ends: nobody's cookie from before the sign-in is good after it.
 */
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
  const { userId, door, address, presented } = given;
  if (presented?.credential.kind === 'session') await deleteSession(tx, presented.credential.id);
  const secret = newSecret();
  const session: Session = {
    id: newId(),
    userId,
    door,
    device: given.device?.slice(0, longestDevice) ?? null,
    address,
    createdAt: tx.at,
    lastUsedAt: tx.at,
    expiresAt: new Date(tx.at.getTime() + sessionLifetimeMilliseconds),
  };
  await insertSession(tx, session, sha256(secret));
  return { session, secret };
}
