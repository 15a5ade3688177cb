import type { Failure } from '../kernel/errors.ts';
import type { StatementResult, Task } from './statement-process.ts';

/** A statement that waits for a child. */
export interface WaitingTask {
  readonly task: Task;
  readonly owner: string;
  start(running: Promise<StatementResult>): void;
  /** Takes it out of the queue and tells its caller why. */
  giveUp(failure: Failure): void;
}

/** Whose statement comes next: owners in turn, and each owner's in the order in which they came. */
export class Turns {
  /** By owner; the owner whose turn it is stands first. None is empty. */
  readonly #queues = new Map<string, WaitingTask[]>();
  readonly #running = new Map<string, number>();

  /** How many wait. */
  get waiting(): number {
    return this.all().length;
  }

  add(entry: WaitingTask): void {
    const queue = this.#queues.get(entry.owner);
    if (queue) queue.push(entry);
    else this.#queues.set(entry.owner, [entry]);
  }

  remove(entry: WaitingTask): void {
    const left = (this.#queues.get(entry.owner) ?? []).filter((other) => other !== entry);
    if (left.length > 0) this.#queues.set(entry.owner, left);
    else this.#queues.delete(entry.owner);
  }

  /** Which one to start now: the first of the next owner who has fewer than `mostForOne` at work. */
  peek({ mostForOne }: { mostForOne: number }): WaitingTask | undefined {
    for (const [owner, [first]] of this.#queues) {
      if ((this.#running.get(owner) ?? 0) < mostForOne) return first;
    }
    return undefined;
  }

  /** Takes the entry out because it starts, and puts its owner behind the others. */
  begin(entry: WaitingTask): void {
    this.remove(entry);
    const left = this.#queues.get(entry.owner);
    if (left) {
      this.#queues.delete(entry.owner);
      this.#queues.set(entry.owner, left);
    }
    this.#running.set(entry.owner, (this.#running.get(entry.owner) ?? 0) + 1);
  }

  /** One statement of this owner has ended. */
  end(owner: string): void {
    const running = (this.#running.get(owner) ?? 0) - 1;
    if (running > 0) this.#running.set(owner, running);
    else this.#running.delete(owner);
  }

  /** The newest of the owner who has the most waiting. */
  newestOfMost(): WaitingTask | undefined {
    const [most] = Array.from(this.#queues.values()).toSorted((left, right) => right.length - left.length);
    return most?.at(-1);
  }

  /** Every waiting one. */
  all(): WaitingTask[] {
    return [...this.#queues.values()].flat();
  }
}
