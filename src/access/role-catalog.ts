import { compare } from './compare.ts';
import { invertImplies, type RoleGraph } from './role-graph.ts';
import type { Role } from './role.ts';

/** Every role by key, and which implies which, both ways. */
export class RoleCatalog {
  readonly #roles = new Map<string, Role>();
  #inverted: ReadonlyMap<string, readonly string[]> | undefined;

  /** Follows every change. */
  get graph(): RoleGraph {
    return this.#roles;
  }

  get(key: string): Role | undefined {
    return this.#roles.get(key);
  }

  /** Sorted by key. */
  all(): Role[] {
    return [...this.#roles.values()].toSorted((left, right) => compare(left.key, right.key));
  }

  /** Keys of the roles that imply this one directly, sorted. */
  impliedBy(key: string): string[] {
    return [...(this.#impliedBy().get(key) ?? [])].toSorted();
  }

  /** The roles that give `key`: itself and all that imply it, transitively; none when it has no row. */
  givers(key: string): Set<string> {
    const givers = new Set(this.#roles.has(key) ? [key] : []);
    // A Set visits what is added while it is walked.
    for (const giver of givers) for (const holder of this.#impliedBy().get(giver) ?? []) givers.add(holder);
    return givers;
  }

  /** Returns whether anybody may hold other roles now than before. */
  put(row: Role): boolean {
    const before = this.#roles.get(row.key);
    this.#roles.set(row.key, row);
    if (before !== undefined && sameKeys(before.implies, row.implies)) return false;
    this.#inverted = undefined;
    return true;
  }

  /** Returns whether it was there. */
  drop(key: string): boolean {
    this.#inverted = undefined;
    return this.#roles.delete(key);
  }

  clear(): void {
    this.#roles.clear();
    this.#inverted = undefined;
  }

  #impliedBy(): ReadonlyMap<string, readonly string[]> {
    this.#inverted ??= invertImplies(this.#roles);
    return this.#inverted;
  }
}

function sameKeys(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((key, position) => key === right[position]);
}
