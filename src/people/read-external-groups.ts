import type { Services } from '../operation/services.ts';
import type { Store } from '../store/store.ts';
import { selectAllGroupsOfUsers, selectExternalGroups, selectGroupsOf } from './external-group.store.ts';
import type { ExternalGroup, GroupsOfUser } from './external-group.ts';

/** The groups of each of these users, by name, each list at its user's place. */
export async function readExternalGroupsOf(services: Services, userIds: readonly string[]): Promise<ExternalGroup[][]> {
  const { db } = services.store;
  const idsOf = new Map((await selectGroupsOf(db, userIds)).map(({ userId, groupIds }) => [userId, groupIds]));
  const names = await readGroupNames(services, [...new Set([...idsOf.values()].flat())]);
  return userIds.map((userId) =>
    (idsOf.get(userId) ?? []).map((id) => ({ id, name: names.get(id) ?? id })).toSorted(byName),
  );
}

/** The names of the groups with these ids that a provider has named. */
export async function readGroupNames(services: Services, ids: readonly string[]): Promise<Map<string, string>> {
  return new Map((await selectExternalGroups(services.store.db, ids)).map(({ id, name }) => [id, name]));
}

/** For everybody who is in a group: the ids of the groups, as access needs to know them. */
export function readGroupsOfUsers(store: Store): Promise<GroupsOfUser[]> {
  return selectAllGroupsOfUsers(store.db);
}

function byName(left: ExternalGroup, right: ExternalGroup): number {
  return left.name.localeCompare(right.name, 'en') || (left.id < right.id ? -1 : 1);
}
