import type { GroupsOfUser } from '../people/external-group.ts';
import { compare } from './compare.ts';
import type { GroupMapping } from './group-mapping.ts';

/** A group that somebody is in, or that a mapping names. */
export interface KnownGroup {
  readonly id: string;
  /** Members who are not active are counted too. */
  readonly memberCount: number;
  /** Sorted by role key. */
  readonly mappings: readonly GroupMapping[];
}

/** Who is in which external group, and which roles the groups are mapped to. Ids are compared character by character. */
export class MappedGroups {
  readonly #groupsOf = new Map<string, readonly string[]>();
  readonly #members = new Map<string, Set<string>>();
  readonly #mappings = new Map<string, GroupMapping>();
  readonly #byGroup = new Map<string, Set<GroupMapping>>();
  readonly #byRole = new Map<string, Set<GroupMapping>>();

  /** The ids of the users who are in this group. */
  membersOf(groupId: string): ReadonlySet<string> {
    return this.#members.get(groupId) ?? new Set();
  }

  /** What the user's groups are mapped to, sorted by group, role key and id. */
  mappingsOf(userId: string): GroupMapping[] {
    const groups = this.#groupsOf.get(userId) ?? [];
    return groups.flatMap((id) => [...(this.#byGroup.get(id) ?? [])]).toSorted(inOrder);
  }

  /** All mappings to exactly this role. */
  mappingsTo(roleKey: string): GroupMapping[] {
    return [...(this.#byRole.get(roleKey) ?? [])];
  }

  countTo(roleKey: string): number {
    return this.#byRole.get(roleKey)?.size ?? 0;
  }

  /** Every mapping, sorted by group, role key and id. */
  mappings(): GroupMapping[] {
    return [...this.#mappings.values()].toSorted(inOrder);
  }

  /** Every group that somebody is in or that is mapped, sorted by id. */
  known(): KnownGroup[] {
    const ids = new Set([...this.#members.keys(), ...this.#byGroup.keys()]);
    return [...ids].toSorted(compare).map((id) => ({
      id,
      memberCount: this.membersOf(id).size,
      mappings: [...(this.#byGroup.get(id) ?? [])].toSorted(inOrder),
    }));
  }

  putGroupsOf({ userId, groupIds }: GroupsOfUser): void {
    for (const id of this.#groupsOf.get(userId) ?? []) removeFrom(this.#members, id, userId);
    for (const id of groupIds) addTo(this.#members, id, userId);
    if (groupIds.length === 0) this.#groupsOf.delete(userId);
    else this.#groupsOf.set(userId, groupIds);
  }

  addMapping(row: GroupMapping): void {
    this.#mappings.set(row.id, row);
    addTo(this.#byGroup, row.externalGroupId, row);
    addTo(this.#byRole, row.roleKey, row);
  }

  /** Returns the row that was there. */
  dropMapping(id: string): GroupMapping | undefined {
    const row = this.#mappings.get(id);
    if (row === undefined) return undefined;
    this.#mappings.delete(id);
    removeFrom(this.#byGroup, row.externalGroupId, row);
    removeFrom(this.#byRole, row.roleKey, row);
    return row;
  }

  clear(): void {
    for (const map of [this.#groupsOf, this.#members, this.#mappings, this.#byGroup, this.#byRole]) map.clear();
  }
}

function inOrder(left: GroupMapping, right: GroupMapping): number {
  return (
    compare(left.externalGroupId, right.externalGroupId) ||
    compare(left.roleKey, right.roleKey) ||
    compare(left.id, right.id)
  );
}

function addTo<Item>(sets: Map<string, Set<Item>>, key: string, item: Item): void {
  const known = sets.get(key);
  if (known) known.add(item);
  else sets.set(key, new Set([item]));
}

function removeFrom<Item>(sets: Map<string, Set<Item>>, key: string, item: Item): void {
  const known = sets.get(key);
  known?.delete(item);
  if (known?.size === 0) sets.delete(key);
}
