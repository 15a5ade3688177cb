declare module '../operation/services.ts' {
  interface Services {
    readonly refusalCounts: RefusalCounts;
  }
}

const quietMilliseconds = 60_000;

/** Counts refusals that strangers can cause without end, so that a flood of them is one row of the audit a minute for each key. */
export class RefusalCounts {
  readonly #counted = new Map<string, { rowAt: number; since: number }>();

  /** How many refusals a row written now stands for; 0: none is written, because the last is less than a minute old. */
  count(key: string, at: Date): number {
    const now = at.getTime();
    const known = this.#counted.get(key);
    if (known && now - known.rowAt < quietMilliseconds) {
      known.since += 1;
      return 0;
    }
    this.#counted.set(key, { rowAt: now, since: 0 });
    return (known?.since ?? 0) + 1;
  }
}
