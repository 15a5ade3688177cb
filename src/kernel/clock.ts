import { setTimeout } from 'node:timers/promises';

/** The one source of "now" and of waiting; tests hand in their own. */
export interface Clock {
  now(): Date;
  /** How `sleep` waits; real time unless given. */
  sleep?(seconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = { now: () => new Date() };

/** Resolves when this time has passed; rejects with the reason of `signal` as soon as that is aborted. */
export async function sleep(clock: Clock, seconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (clock.sleep) return clock.sleep(seconds, signal);
  await setTimeout(seconds * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
}
