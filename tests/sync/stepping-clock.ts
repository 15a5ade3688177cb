import type { Clock } from '../../src/kernel/clock.ts';

/** The real time plus what a test has let pass. */
export class SteppingClock implements Clock {
  #aheadSeconds = 0;

  now(): Date {
    return new Date(Date.now() + this.#aheadSeconds * 1000);
  }

  letPass(seconds: number): void {
    this.#aheadSeconds += seconds;
  }
}
