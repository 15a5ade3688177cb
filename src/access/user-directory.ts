import type { AccessUser } from './access-change.ts';
import { compare } from './compare.ts';

/** Every user by id and by e-mail address. */
export class UserDirectory {
  readonly #users = new Map<string, AccessUser>();
  readonly #idsByEmail = new Map<string, string>();
  #sorted: readonly AccessUser[] | undefined;

  get(id: string): AccessUser | undefined {
    return this.#users.get(id);
  }

  /** Every user, active or not, by e-mail address. */
  all(): readonly AccessUser[] {
    this.#sorted ??= [...this.#users.values()].toSorted((left, right) => compare(left.email, right.email));
    return this.#sorted;
  }

  /** In whatever case the address is written. */
  getByEmail(email: string): AccessUser | undefined {
    const id = this.#idsByEmail.get(email.toLowerCase());
    return id === undefined ? undefined : this.#users.get(id);
  }

  /** Whether there is such a user and roles count for it. */
  isActive(id: string): boolean {
    return this.#users.get(id)?.active === true;
  }

  /** Returns whether the user was unknown before, or is active now and was not, or the reverse. */
  put(row: AccessUser): boolean {
    const before = this.#users.get(row.id);
    if (before) this.#forgetEmail(before);
    this.#idsByEmail.set(row.email.toLowerCase(), row.id);
    this.#users.set(row.id, row);
    this.#sorted = undefined;
    return before?.active !== row.active;
  }

  /** Returns whether the user was there. */
  drop(id: string): boolean {
    const before = this.#users.get(id);
    if (before) this.#forgetEmail(before);
    this.#sorted = undefined;
    return this.#users.delete(id);
  }

  clear(): void {
    this.#users.clear();
    this.#sorted = undefined;
    this.#idsByEmail.clear();
  }

  #forgetEmail(row: AccessUser): void {
    const email = row.email.toLowerCase();
    if (this.#idsByEmail.get(email) === row.id) this.#idsByEmail.delete(email);
  }
}
