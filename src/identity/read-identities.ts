import type { Services } from '../operation/services.ts';
import { selectIdentitiesOf } from './identity.store.ts';
import type { Identity } from './identity.ts';

/** The identities of each of these users, the eldest first, each list at its user's place. */
export async function readIdentitiesOf(services: Services, userIds: readonly string[]): Promise<Identity[][]> {
  const identities = await selectIdentitiesOf(services.store.db, userIds);
  return userIds.map((userId) => identities.filter((identity) => identity.userId === userId));
}
