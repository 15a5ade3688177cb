import { RoleCombinations, type RoleCombination } from './role-combinations.ts';
import type { RoleGraph } from './role-graph.ts';

/** What users hold, expanded, from when somebody asks until something changes. */
export class HeldRoles {
  readonly #combinations: RoleCombinations;
  readonly #held = new Map<string, RoleCombination>();

  constructor(roles: RoleGraph) {
    this.#combinations = new RoleCombinations(roles);
  }

  /** The kept set of this user; undefined when nothing is kept. */
  get(userId: string): ReadonlySet<string> | undefined {
    const combination = this.#held.get(userId);
    return combination && (combination.effective ?? this.#combinations.expand(combination));
  }

  /** Keeps what a user holds directly and answers it expanded; users with equal roles share one set. */
  keep(userId: string, direct: Iterable<string>): ReadonlySet<string> {
    this.forget(userId);
    const combination = this.#combinations.take(direct);
    this.#held.set(userId, combination);
    return combination.effective ?? this.#combinations.expand(combination);
  }

  forget(userId: string): void {
    const combination = this.#held.get(userId);
    if (!combination) return;
    this.#combinations.release(combination);
    this.#held.delete(userId);
  }

  forgetEverybody(): void {
    for (const userId of this.#held.keys()) this.forget(userId);
  }

  /** To be called when a role came, went or implies something else. */
  forgetExpansions(): void {
    this.#combinations.forgetExpansions();
  }
}
