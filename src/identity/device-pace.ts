import { Failure } from '../kernel/errors.ts';
import { pollSeconds, requestSeconds } from './device.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly devicePace: DevicePace;
  }
}

/** Too many wrong codes, or too many requests, came from there; it ends by itself after `retryAfterSeconds`. */
export class TooManyCodesError extends Failure {
  readonly code = 'TOO_MANY_CODES';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(`Too many device codes were tried; try again in ${Math.ceil(retryAfterSeconds / 60)} minutes.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const windowMilliseconds = requestSeconds * 1000;
const slackMilliseconds = 500;
const mostKeys = 10_000;

/** How often codes are asked for, guessed and polled, in memory: a restart forgets it, and the codes are hard to guess anyway. */
export class DevicePace {
  readonly #counts = new Map<string, { count: number; endsAt: number }>();
  readonly #polls = new Map<string, { at: number; waitMilliseconds: number }>();

  /** Counts one more of this kind in ten minutes; throws a `TooManyCodesError` for the one beyond `most`. */
  count(key: string, most: number, now: Date): void {
    const known = this.#live(key, now);
    if (known.count >= most) throw new TooManyCodesError((known.endsAt - now.getTime()) / 1000);
    known.count += 1;
  }

  /** Throws a `TooManyCodesError` when `most` were counted already. */
  demand(key: string, most: number, now: Date): void {
    const { count, endsAt } = this.#live(key, now);
    if (count >= most) throw new TooManyCodesError((endsAt - now.getTime()) / 1000);
  }

  /** Whether this request is polled as seldom as it was told to; each time too early makes it wait 5 seconds longer. */
  poll(requestId: string, now: Date): boolean {
    const known = this.#polls.get(requestId);
    const waitMilliseconds = known?.waitMilliseconds ?? pollSeconds * 1000;
    const tooEarly = known !== undefined && now.getTime() - known.at < waitMilliseconds - slackMilliseconds;
    makeRoom(this.#polls);
    this.#polls.set(requestId, {
      at: now.getTime(),
      waitMilliseconds: tooEarly ? waitMilliseconds + pollSeconds * 1000 : waitMilliseconds,
    });
    return !tooEarly;
  }

  #live(key: string, now: Date): { count: number; endsAt: number } {
    const known = this.#counts.get(key);
    if (known && known.endsAt > now.getTime()) return known;
    this.#counts.delete(key);
    makeRoom(this.#counts);
    const fresh = { count: 0, endsAt: now.getTime() + windowMilliseconds };
    this.#counts.set(key, fresh);
    return fresh;
  }
}

/** The oldest go first: a Map is walked in the order of insertion. */
function makeRoom(kept: Map<string, unknown>): void {
  for (const key of kept.keys()) {
    if (kept.size < mostKeys) return;
    kept.delete(key);
  }
}
