import { expandRoles, type RoleGraph } from './role-graph.ts';

/** The roles that somebody holds directly, shared by all who hold exactly these. */
export interface RoleCombination {
  readonly key: string;
  readonly direct: readonly string[];
  /** How many users hold it now. */
  users: number;
  /** Expanded over `implies`; undefined until somebody asks. */
  effective: ReadonlySet<string> | undefined;
}

/** About 35 bytes each, so at most some 400 MB; past it the older half is forgotten and made again when asked for. */
const defaultKeptRoleKeys = 12_000_000;
/** What an expansion costs besides its keys, in keys. */
const overheadKeys = 8;

/** Interns combinations of direct roles and keeps their expansions, within a bounded amount of memory. */
export class RoleCombinations {
  readonly #roles: RoleGraph;
  readonly #byKey = new Map<string, RoleCombination>();
  readonly #expanded = new Set<RoleCombination>();
  readonly #keptAtMost: number;
  #kept = 0;

  /** `keptRoleKeys`: how many keys the kept expansions may have together. */
  constructor(roles: RoleGraph, keptRoleKeys = defaultKeptRoleKeys) {
    this.#roles = roles;
    this.#keptAtMost = keptRoleKeys;
  }

  /** The shared combination of these roles, held by one user more; give it back with `release`. */
  take(roleKeys: Iterable<string>): RoleCombination {
    const direct = [...new Set(roleKeys)].toSorted();
    const key = JSON.stringify(direct);
    const known = this.#byKey.get(key);
    if (known) {
      known.users += 1;
      return known;
    }
    const combination: RoleCombination = { key, direct, users: 1, effective: undefined };
    this.#byKey.set(key, combination);
    return combination;
  }

  /** One user less holds it; with the last one it is forgotten. */
  release(combination: RoleCombination): void {
    combination.users -= 1;
    if (combination.users > 0) return;
    this.#byKey.delete(combination.key);
    this.#forget(combination);
  }

  /** The effective roles of a combination, made when first asked for; the set never changes afterwards. */
  expand(combination: RoleCombination): ReadonlySet<string> {
    if (combination.effective) return combination.effective;
    const effective = expandRoles(this.#roles, combination.direct);
    if (this.#kept + effective.size > this.#keptAtMost) this.#forgetDownTo(this.#keptAtMost / 2);
    combination.effective = effective;
    this.#expanded.add(combination);
    this.#kept += effective.size + overheadKeys;
    return effective;
  }

  /** To be called when a role came, went or implies something else. */
  forgetExpansions(): void {
    this.#forgetDownTo(0);
  }

  /** The oldest go first: a Set is walked in the order of insertion. */
  #forgetDownTo(roleKeys: number): void {
    for (const combination of this.#expanded) {
      if (this.#kept <= roleKeys) return;
      this.#forget(combination);
    }
  }

  #forget(combination: RoleCombination): void {
    if (!combination.effective) return;
    this.#kept -= combination.effective.size + overheadKeys;
    combination.effective = undefined;
    this.#expanded.delete(combination);
  }
}
