import { setImmediate as nextTurn } from 'node:timers/promises';

const turnMilliseconds = 20;

/** Shares the event loop between many small pieces of work: after 20 ms of them, everything else gets a turn. */
export class EventLoopTurns {
  #end = 0;
  #opening: Promise<void> | null = null;

  /** Resolves when the next piece may start. */
  async next(): Promise<void> {
    while (performance.now() >= this.#end) {
      this.#opening ??= this.#open();
      await this.#opening;
    }
  }

  async #open(): Promise<void> {
    await nextTurn();
    this.#end = performance.now() + turnMilliseconds;
    this.#opening = null;
  }
}
