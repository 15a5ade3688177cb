import type { TableGrant } from './table-grant.ts';

interface GrantSet {
  readonly grants: Set<TableGrant>;
  mark: object;
}

/** Table grants by some key. */
export class GrantSets {
  readonly #sets = new Map<string, GrantSet>();

  get(key: string): ReadonlySet<TableGrant> | undefined {
    return this.#sets.get(key)?.grants;
  }

  /** An object that is another one after each change of this key's grants, to keep by it what followed from them. */
  mark(key: string): object | undefined {
    return this.#sets.get(key)?.mark;
  }

  add(key: string, grant: TableGrant): void {
    const set = this.#sets.get(key);
    if (!set) {
      this.#sets.set(key, { grants: new Set([grant]), mark: {} });
      return;
    }
    set.grants.add(grant);
    set.mark = {};
  }

  delete(key: string, grant: TableGrant): void {
    const set = this.#sets.get(key);
    if (!set?.grants.delete(grant)) return;
    set.mark = {};
    if (set.grants.size === 0) this.#sets.delete(key);
  }

  clear(): void {
    this.#sets.clear();
  }
}
