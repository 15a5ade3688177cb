import type { Clock } from '../../src/kernel/clock.ts';

/** The real time plus what a test has let pass; who sleeps lets pass what is to be slept. */
export class SteppingClock implements Clock {
  /** Every wait that was asked for, in seconds. */
  readonly slept: number[] = [];
  #aheadSeconds = 0;

  now(): Date {
    return new Date(Date.now() + this.#aheadSeconds * 1000);
  }

  letPass(seconds: number): void {
    this.#aheadSeconds += seconds;
  }

  sleep(seconds: number): Promise<void> {
    this.slept.push(seconds);
    this.letPass(seconds);
    return Promise.resolve();
  }
}
