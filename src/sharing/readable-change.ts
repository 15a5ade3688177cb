import type { Principal } from '../operation/principal.ts';

/** The topic of changes of access. They are told and not stored: what changed follows from what is stored, and from the time. */
export const accessTopic = 'accessChanged';

/** Ids of the tables that somebody may read now and could not before, and the reverse. */
export interface ReadableChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** What changed for whom, by `listenerKey`; who is not named is not concerned. */
export interface AccessChanges {
  readonly changes: ReadonlyMap<string, ReadableChange>;
}

/** Equal for listeners that always read and are the same: of one user, with the same narrowing. */
export function listenerKey({ userId, narrowing }: Pick<Principal, 'userId' | 'narrowing'>): string {
  return narrowing ? `${userId} ${JSON.stringify(narrowing)}` : userId;
}
