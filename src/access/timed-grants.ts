import { countsAt, type GrantPeriod } from './role-grant.ts';

/** The grants of one kind that begin or end, and the instant as of which all grants count or do not; in milliseconds since the epoch. */
export class TimedGrants<Grant extends GrantPeriod> {
  readonly #grants = new Set<Grant>();
  #instant = 0;
  #next = Infinity;

  /** No grant begins or ends before this; Infinity when none is going to. */
  get next(): number {
    return this.#next;
  }

  add(grant: Grant): void {
    if (grant.startsAt === null && grant.expiresAt === null) return;
    this.#grants.add(grant);
    this.#next = Math.min(this.#next, this.#nextOf(grant));
  }

  delete(grant: Grant): void {
    this.#grants.delete(grant);
    if (this.#grants.size === 0) this.#next = Infinity;
  }

  clear(): void {
    this.#grants.clear();
    this.#next = Infinity;
  }

  counts(grant: Grant): boolean {
    return countsAt(grant, this.#instant);
  }

  /** Moves to `instant`, backwards too when a clock was put right; the grants that count now and did not, or the reverse. */
  moveTo(instant: number): Grant[] {
    if (instant < this.#next && instant >= this.#instant) return [];
    const turned = [...this.#grants].filter((grant) => countsAt(grant, instant) !== this.counts(grant));
    this.#instant = instant;
    this.#next = Infinity;
    for (const grant of this.#grants) this.#next = Math.min(this.#next, this.#nextOf(grant));
    return turned;
  }

  #nextOf({ startsAt, expiresAt }: GrantPeriod): number {
    const boundaries = [startsAt, expiresAt].map((boundary) => boundary?.getTime() ?? Infinity);
    return Math.min(...boundaries.filter((boundary) => boundary > this.#instant));
  }
}
