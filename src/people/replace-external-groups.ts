import type { WriteTransaction } from '../store/store.ts';
import { selectNamedGroups, upsertExternalGroups, writeNamedGroups, type NamedBy } from './external-group.store.ts';
import { externalGroupId, type ExternalGroup } from './external-group.ts';

/** A group as a provider names it; without a name it is called by its id. */
export interface NamedGroup {
  readonly id: string;
  readonly name?: string | null;
}

/**
 * Makes `groups` the only ones in which this provider names the user, inside a transaction; what other providers say stays.
 * Roles follow from the commit on. Groups whose id nothing could be mapped to, such as an empty one, are left out.
 */
export async function replaceExternalGroups(
  tx: WriteTransaction,
  given: NamedBy & { groups: readonly NamedGroup[] },
): Promise<void> {
  const named = new Map<string, ExternalGroup>();
  for (const { id, name } of given.groups) {
    if (externalGroupId.safeParse(id).success) named.set(id, { id, name: name?.trim() || id });
  }
  const before = await selectNamedGroups(tx.db, given);
  await upsertExternalGroups(tx, [...named.values()]);
  await writeNamedGroups(tx, { ...given, before, now: [...named.keys()] });
}
