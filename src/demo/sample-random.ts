/** Numbers that look random and are the same for the same seed, on every machine. */
export interface SampleRandom {
  /** At least 0, less than 1. */
  fraction(): number;
  /** A whole number from `low` to `high`, both possible. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  /** An index below `length`; early ones far more often than late ones. */
  earlyIndex(length: number): number;
  pick<Value>(values: readonly Value[]): Value;
  /** One of the keys, each as often as its weight says. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key;
}

/** The generator for `seed`; each table has its own, so that a change of one leaves the others as they are. */
export function sampleRandom(seed: string): SampleRandom {
  let state = 2166136261;
  for (const character of seed) state = Math.imul(state ^ character.charCodeAt(0), 16777619);

  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  return {
    fraction,
    integer: (low, high) => low + Math.floor(fraction() * (high - low + 1)),
    chance: (probability) => fraction() < probability,
    earlyIndex(length) {
      const value = fraction();
      return Math.floor(value * value * length);
    },
    pick(values) {
      const value = values[Math.floor(fraction() * values.length)];
      if (value === undefined) throw new Error('nothing to pick from');
      return value;
    },
    weighted<Key extends string>(weights: Readonly<Record<Key, number>>) {
      const keys = Object.keys(weights) as Key[];
      let left = fraction() * keys.reduce((sum, key) => sum + weights[key], 0);
      for (const key of keys) {
        left -= weights[key];
        if (left < 0) return key;
      }
      return keys.at(-1) as Key;
    },
  };
}
