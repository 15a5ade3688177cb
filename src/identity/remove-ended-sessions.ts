import type { Services } from '../operation/services.ts';
import { deleteSession } from './session.store.ts';

/** Removes the sessions that have ended by themselves: nobody used them for too long, or they are too old. */
export async function removeEndedSessions({ store, credentials, clock }: Services): Promise<void> {
  const ended = credentials.endedSessions(clock.now());
  if (ended.length === 0) return;
  await store.write(async (tx) => {
    for (const id of ended) await deleteSession(tx, id);
  });
}
