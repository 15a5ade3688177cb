import { isIPv6 } from 'node:net';
import type { Clock } from '../kernel/clock.ts';
import { Failure } from '../kernel/errors.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly attempts: Attempts;
  }
}

/** Somebody tries to come in by a door. */
export interface Attempt {
  readonly door: string;
  /** Whom they say they are, in one spelling; null where the door does not ask. */
  readonly account: string | null;
  /** The client's address. */
  readonly address: string | null;
}

/** Too many tries failed; the next one counts after `retryAfterSeconds`. */
export class TooManyAttemptsError extends Failure {
  readonly code = 'TOO_MANY_ATTEMPTS';
  readonly retryAfterSeconds: number;
  /** Whether nobody was told so since the last try that counted: one row of the audit is enough for all of them. */
  readonly first: boolean;

  constructor(retryAfterSeconds: number, first: boolean) {
    const wait = retryAfterSeconds === 1 ? 'a second' : `${retryAfterSeconds} seconds`;
    super(`Too many tries failed; try again in ${wait}.`);
    this.retryAfterSeconds = retryAfterSeconds;
    this.first = first;
  }
}

/** Tries without a delay for one account from one address, and for one address whatever account it names. */
export const freeTries = { account: 5, address: 20 };

const longestDelaySeconds = 900;
const forgottenMilliseconds = 3_600_000;
const mostTracks = 20_000;

interface Track {
  tries: number;
  lastAt: number;
  freeAt: number;
  told: boolean;
}

/**
 * Slows down who guesses: behind the free tries each try waits twice as long as the one before, up to 15 minutes. It counts
 * per address and per account from that address, never per account alone, so that a stranger locks nobody out elsewhere.
 * It is kept in memory, and forgotten after an hour without a try.
 */
export class Attempts {
  readonly #clock: Clock;
  readonly #tracks = new Map<string, Track>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Lets a try pass, or throws a `TooManyAttemptsError`. It counts as failed at once, so that tries at the same instant are
   * not free; say `failed` or `succeeded` when it is known.
   */
  demand(attempt: Attempt): void {
    const now = this.#clock.now().getTime();
    const tracks = tracksOf(attempt);
    const held = tracks.map(({ key }) => this.#track(key, now)).filter((track) => track && track.freeAt > now);
    if (held.length > 0) {
      const first = held.some((track) => !track!.told);
      for (const track of held) track!.told = true;
      throw new TooManyAttemptsError(Math.ceil((Math.max(...held.map((track) => track!.freeAt)) - now) / 1000), first);
    }
    for (const { key, free } of tracks) {
      const tries = (this.#track(key, now)?.tries ?? 0) + 1;
      this.#tracks.delete(key);
      this.#tracks.set(key, { tries, lastAt: now, freeAt: now + delayMilliseconds(tries - free), told: false });
    }
    this.#forget(now);
  }

  /** The try has failed: its delay runs from now. */
  failed(attempt: Attempt): void {
    const now = this.#clock.now().getTime();
    for (const { key, free } of tracksOf(attempt)) {
      const track = this.#tracks.get(key);
      if (track) Object.assign(track, { lastAt: now, freeAt: now + delayMilliseconds(track.tries - free) });
    }
  }

  /** The try has succeeded: it does not count, nor do those before it for the same account from the same address. */
  succeeded(attempt: Attempt): void {
    const [address, account] = tracksOf(attempt);
    const track = this.#tracks.get(address!.key);
    if (track) Object.assign(track, { tries: track.tries - 1, freeAt: 0 });
    if (account) this.#tracks.delete(account.key);
  }

  #track(key: string, now: number): Track | undefined {
    const track = this.#tracks.get(key);
    return track && track.lastAt + forgottenMilliseconds > now ? track : undefined;
  }

  /** Tracks stand in the order of their last try: the oldest go first. */
  #forget(now: number): void {
    for (const [key, { lastAt }] of this.#tracks) {
      if (lastAt + forgottenMilliseconds > now && this.#tracks.size <= mostTracks) return;
      this.#tracks.delete(key);
    }
  }
}

function tracksOf({ door, account, address }: Attempt): { key: string; free: number }[] {
  const place = `${door} ${placeOf(address ?? 'unknown')}`;
  const ofAddress = { key: place, free: freeTries.address };
  return account === null ? [ofAddress] : [ofAddress, { key: `${place} ${account}`, free: freeTries.account }];
}

function delayMilliseconds(triesTooMany: number): number {
  return triesTooMany <= 0 ? 0 : Math.min(2 ** (triesTooMany - 1), longestDelaySeconds) * 1000;
}

/** The first 64 bits of an IPv6 address: one customer has all that begin with them. Any other address as it is. */
export function placeOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = tail === undefined ? left : [...left, ...zeros, ...right];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':');
}
