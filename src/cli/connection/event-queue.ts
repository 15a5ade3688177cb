/** Keeps what comes until it is asked for. */
export class EventQueue<Event> {
  readonly #events: Event[] = [];
  #failure: Error | null = null;
  #closed = false;
  #wake: () => void = () => {};

  /** Whether nothing more will come. */
  get closed(): boolean {
    return this.#closed;
  }

  push(event: Event): void {
    this.#events.push(event);
    this.#wake();
  }

  /** Nothing more comes, and whoever asks gets the failure, if there is one. */
  close(failure: Error | null): void {
    this.#closed = true;
    this.#failure ??= failure;
    this.#wake();
  }

  /** Throws the failure that closed the queue. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** The oldest event, waited for at most `seconds`; null when none came, which a closed queue tells only then, too. */
  async next(seconds: number): Promise<Event | null> {
    if (this.#events.length === 0 && !this.#failure) await this.#change(seconds);
    const event = this.#events.shift();
    if (event === undefined) this.check();
    return event ?? null;
  }

  async #change(seconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
