import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Backend } from './backend.ts';
import type { Database } from './database.ts';
import { StoreClosedError } from './errors.ts';
import { deleteEvents, insertEvents, selectEvents, selectLastSeq, type EmittedEvent } from './outbox.ts';
import { SerialQueue } from './serial-queue.ts';
import type { EventPage, EventRange, Store, StoredEvent, WriteTransaction } from './store.ts';

interface StoreServices {
  readonly clock: Clock;
  readonly log?: Log | undefined;
}

type Listener = (events: readonly StoredEvent[]) => void;

/** The store over either database: one write at a time, its listeners told before the next begins. */
export class SerialStore implements Store {
  readonly dialect: Store['dialect'];
  readonly db: Kysely<Database>;
  readonly #backend: Backend;
  readonly #clock: Clock;
  readonly #log: Log | undefined;
  readonly #writes = new SerialQueue();
  #lastSeq: number;
  #listeners: readonly { hear: Listener }[] = [];
  #closing: Promise<void> | undefined;

  private constructor(backend: Backend, services: StoreServices, lastSeq: number) {
    this.dialect = backend.dialect;
    this.db = backend.reader;
    this.#backend = backend;
    this.#clock = services.clock;
    this.#log = services.log;
    this.#lastSeq = lastSeq;
  }

  /** The store over an open backend, with the numbering as it stands there. */
  static async over(backend: Backend, services: StoreServices): Promise<SerialStore> {
    return new SerialStore(backend, services, await selectLastSeq(backend.reader));
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  eventsAfter(range: EventRange): Promise<EventPage> {
    return selectEvents(this.db, range);
  }

  async write<Result>(change: (tx: WriteTransaction) => Promise<Result>): Promise<Result> {
    if (this.#closing) throw new StoreClosedError();
    return this.#writes.run(() => this.#write(change));
  }

  pruneEvents(before: Date): Promise<number> {
    return this.write(({ db }) => deleteEvents(db, before));
  }

  onCommit(hear: Listener): () => void {
    const entry = { hear };
    this.#listeners = [...this.#listeners, entry];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== entry);
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#writes.run(async () => {
      // Reads that were begun in this turn have not asked for their connection yet.
      await setImmediate();
      await this.#backend.close();
    });
    return this.#closing;
  }

  async #write<Result>(change: (tx: WriteTransaction) => Promise<Result>): Promise<Result> {
    const committed = await this.#backend.writer.transaction().execute(async (db) => {
      await this.#backend.beginAlone(db);
      const at = this.#clock.now();
      const emitted: EmittedEvent[] = [];
      const result = await change({
        db,
        at,
        emit: (topic, payload) => void emitted.push({ topic, payload: JSON.stringify(payload ?? null) }),
      });
      return { result, events: await insertEvents(db, at, emitted) };
    });
    if (committed.events.length > 0) this.#tell(committed.events);
    return committed.result;
  }

  #tell(events: readonly StoredEvent[]): void {
    this.#lastSeq = events.at(-1)!.seq;
    for (const { hear } of this.#listeners) {
      try {
        hear(events);
      } catch (error) {
        this.#log?.error({ err: error }, 'a listener of committed events failed');
      }
    }
  }
}
