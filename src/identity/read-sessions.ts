import type { Services } from '../operation/services.ts';
import type { Session } from './session.ts';
import { selectSessionsOf } from './session.store.ts';

/** The live sessions of each of these users, newest first, as of this instant, each list at its user's place. */
export async function readSessionsOf(services: Services, userIds: readonly string[]): Promise<Session[][]> {
  const now = services.clock.now();
  const sessions: Session[] = [];
  for (const session of await selectSessionsOf(services.store.db, userIds)) {
    const live = services.credentials.findById(session.id, now);
    if (live) sessions.push({ ...session, lastUsedAt: new Date(live.lastUsedAt ?? session.lastUsedAt) });
  }
  return userIds.map((userId) => sessions.filter((session) => session.userId === userId));
}
