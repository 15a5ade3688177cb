import { sha256 } from '../kernel/ids.ts';

/** The tables that a principal may read; principals with the same rights share one object. */
export interface ReadableSet {
  /** Ids of tables, sorted. */
  readonly ids: readonly string[];
  /** SHA-256 of the ids: equal keys mean equal sets, in this process and in any other. */
  readonly key: string;
  has(tableId: string): boolean;
}

/** About 60 bytes each, so at most some 120 MB; past it all sets are forgotten and made again when asked for. */
const defaultKeptTableIds = 2_000_000;

interface SetsOfRoles {
  /** For everybody whom no grant names in person. */
  shared: ReadableSet | undefined;
  readonly byPersonalGrants: WeakMap<object, ReadableSet>;
}

/** Whose readable set is asked for. */
export interface SetOwner {
  readonly roles: ReadonlySet<string>;
  /** The grants that name the user in person: another object whenever they change; undefined when there is none. */
  readonly personal: object | undefined;
}

/**
 * Keeps readable sets by owner and shares equal ones, until something changes. Roles and personal grants are told apart by
 * the objects that hold them.
 */
export class ReadableSets {
  readonly #keptAtMost: number;
  #byRoles = new WeakMap<ReadonlySet<string>, SetsOfRoles>();
  #byKey = new Map<string, ReadableSet>();
  #kept = 0;

  /** `keptTableIds`: how many ids the kept sets may have together. */
  constructor(keptTableIds = defaultKeptTableIds) {
    this.#keptAtMost = keptTableIds;
  }

  find({ roles, personal }: SetOwner): ReadableSet | undefined {
    const sets = this.#byRoles.get(roles);
    return personal ? sets?.byPersonalGrants.get(personal) : sets?.shared;
  }

  /** Keeps the set of these sorted ids for this owner and returns it, or its equal that somebody has already. */
  keep({ roles, personal }: SetOwner, ids: readonly string[]): ReadableSet {
    const set = this.#share(ids);
    const sets = this.#byRoles.get(roles) ?? { shared: undefined, byPersonalGrants: new WeakMap() };
    if (personal) sets.byPersonalGrants.set(personal, set);
    else sets.shared = set;
    this.#byRoles.set(roles, sets);
    return set;
  }

  #share(ids: readonly string[]): ReadableSet {
    const key = keyOf(ids);
    const known = this.#byKey.get(key);
    if (known) return known;
    if (this.#kept + ids.length > this.#keptAtMost) this.forget();
    const made = readableSet(ids, key);
    this.#byKey.set(key, made);
    this.#kept += ids.length;
    return made;
  }

  forget(): void {
    if (this.#byKey.size === 0) return;
    this.#byRoles = new WeakMap();
    this.#byKey = new Map();
    this.#kept = 0;
  }
}

/** A set by itself, shared with nobody; `ids` must be sorted. */
export function readableSet(ids: readonly string[], key = keyOf(ids)): ReadableSet {
  const members = new Set(ids);
  return Object.freeze({ ids: Object.freeze([...ids]), key, has: (tableId: string) => members.has(tableId) });
}

function keyOf(ids: readonly string[]): string {
  return sha256(JSON.stringify(ids));
}
