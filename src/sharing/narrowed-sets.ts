import type { Narrowing } from '../operation/principal.ts';
import { readableSet, type ReadableSet } from './readable-set.ts';

/** Keeps what each narrowed token reads as long as the two sets that bound it are the same. */
export class NarrowedSets {
  readonly #byNarrowing = new WeakMap<Narrowing, { bounds: readonly ReadableSet[]; set: ReadableSet }>();

  /** The tables of `narrowing` that are in every one of `bounds`. */
  of(narrowing: Narrowing, bounds: readonly [ReadableSet, ReadableSet]): ReadableSet {
    const known = this.#byNarrowing.get(narrowing);
    if (known?.bounds.every((bound, index) => bound === bounds[index])) return known.set;
    const listed = narrowing.tableIds && new Set(narrowing.tableIds);
    const ids = bounds[0].ids.filter((id) => bounds[1].has(id) && (listed === null || listed.has(id)));
    const set = readableSet(ids);
    this.#byNarrowing.set(narrowing, { bounds, set });
    return set;
  }
}
