import { compare } from './compare.ts';
import type { RoleGrant } from './role-grant.ts';
import { TimedGrants } from './timed-grants.ts';

/** Every role grant by id, by user and by role, and which of them count at the instant that was last told. */
export class GrantLedger {
  readonly #grants = new Map<string, RoleGrant>();
  readonly #byUser = new Map<string, RoleGrant[]>();
  readonly #byRole = new Map<string, Set<RoleGrant>>();
  readonly #timed = new TimedGrants<RoleGrant>();

  /** No grant begins or ends before this, in milliseconds since the epoch; Infinity when none is going to. */
  get nextTurn(): number {
    return this.#timed.next;
  }

  /** Moves to `instant`, in milliseconds since the epoch; the grants that count now and did not, or the reverse. */
  moveTo(instant: number): RoleGrant[] {
    return this.#timed.moveTo(instant);
  }

  get(id: string): RoleGrant | undefined {
    return this.#grants.get(id);
  }

  /** Whether they count or not, sorted by role key and id. */
  ofUser(userId: string): RoleGrant[] {
    return (this.#byUser.get(userId) ?? []).toSorted(
      (left, right) => compare(left.roleKey, right.roleKey) || compare(left.id, right.id),
    );
  }

  /** Those that count, in no particular order. */
  countingOfUser(userId: string): RoleGrant[] {
    return (this.#byUser.get(userId) ?? []).filter((grant) => this.#timed.counts(grant));
  }

  /** All grants of exactly this role, whether they count or not. */
  ofRole(key: string): RoleGrant[] {
    return [...(this.#byRole.get(key) ?? [])];
  }

  countOfRole(key: string): number {
    return this.#byRole.get(key)?.size ?? 0;
  }

  counts(grant: RoleGrant): boolean {
    return this.#timed.counts(grant);
  }

  add(row: RoleGrant): void {
    this.#grants.set(row.id, row);
    this.#timed.add(row);
    const ofUser = this.#byUser.get(row.userId);
    if (ofUser) ofUser.push(row);
    else this.#byUser.set(row.userId, [row]);
    const ofRole = this.#byRole.get(row.roleKey);
    if (ofRole) ofRole.add(row);
    else this.#byRole.set(row.roleKey, new Set([row]));
  }

  /** Returns the row that was there. */
  drop(id: string): RoleGrant | undefined {
    const row = this.#grants.get(id);
    if (row === undefined) return undefined;
    this.#grants.delete(id);
    this.#timed.delete(row);
    const ofUser = this.#byUser.get(row.userId) ?? [];
    ofUser.splice(ofUser.indexOf(row), 1);
    if (ofUser.length === 0) this.#byUser.delete(row.userId);
    const ofRole = this.#byRole.get(row.roleKey);
    ofRole?.delete(row);
    if (ofRole?.size === 0) this.#byRole.delete(row.roleKey);
    return row;
  }

  clear(): void {
    for (const map of [this.#grants, this.#byUser, this.#byRole]) map.clear();
    this.#timed.clear();
  }
}
