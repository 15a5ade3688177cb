import { Failure } from '../kernel/errors.ts';
import type { EventPage, EventRange, StoredEvent } from '../store/store.ts';
import type { SeatedMember } from './subscription-access.ts';

/** What is kept of past events; the store is one. */
export interface Outbox {
  /** The number of the newest event that was told, or 0. */
  readonly lastSeq: number;
  eventsAfter(range: EventRange): Promise<EventPage>;
}

/** `after` names an event so old that those after it are no longer kept. */
export class EventsExpiredError extends Failure {
  readonly code = 'EVENTS_EXPIRED';

  constructor() {
    super('The events after this one are no longer kept; fetch the present state and subscribe without `after`.');
  }
}

/** What a backlog needs of its channel. */
export interface BacklogChannel {
  readonly topic: string;
  readonly outbox: Outbox;
  /** A page was read: `take` it. */
  arrived(): void;
  refuse(member: SeatedMember, error: unknown): void;
}

/** Past events and those who lack them. */
export interface Replay {
  readonly members: Set<SeatedMember>;
  readonly events: readonly StoredEvent[];
}

interface Reading {
  readonly members: Set<SeatedMember>;
  /** What the channel handed out live since the reading began; the page may lack it. */
  readonly passed: StoredEvent[];
  /** Whether there may be events that are neither in the page nor in `passed` nor still to come. */
  gap: boolean;
  page: readonly StoredEvent[] | undefined;
}

const pageSize = 100;
const passedAtMost = 1_000;
const restMilliseconds = 50;

/**
 * Members of a channel that lack past events, and the reading of those, a page at a time for all of them. Nobody is handed
 * more than it can take; memory holds one page.
 */
export class Backlog {
  readonly #channel: BacklogChannel;
  readonly #members = new Set<SeatedMember>();
  #reading: Reading | null = null;
  #resting = false;

  constructor(channel: BacklogChannel) {
    this.#channel = channel;
  }

  get size(): number {
    return this.#members.size;
  }

  /** How many events it holds in memory. */
  get heldEvents(): number {
    return (this.#reading?.page?.length ?? 0) + (this.#reading?.passed.length ?? 0);
  }

  add(member: SeatedMember): void {
    this.#members.add(member);
    this.#read();
  }

  delete(member: SeatedMember): void {
    this.#members.delete(member);
  }

  /** Notes that the channel is about to hand `event` out to those who listen live. */
  passes(event: StoredEvent): void {
    if (!this.#reading || this.#reading.gap) return;
    this.#reading.passed.push(event);
    if (this.#reading.passed.length > passedAtMost) this.lost();
  }

  /** Notes that events will not be handed out live: only the outbox has them. */
  lost(): void {
    if (!this.#reading) return;
    this.#reading.gap = true;
    this.#reading.passed.length = 0;
  }

  /** The page that has arrived, if one has; after it was handed out, `finish` is called. */
  take(): Replay | null {
    const { members, page, passed } = this.#reading ?? {};
    if (!members || !page || !passed) return null;
    const last = page.at(-1)?.seq ?? 0;
    const events = page.length < pageSize ? [...page, ...passed.filter(({ seq }) => seq > last)] : page;
    return { members, events };
  }

  /** Reads on; answers with the members that lack nothing but what the channel has still to hand out. */
  finish(): SeatedMember[] {
    const reading = this.#reading;
    this.#reading = null;
    const whole = reading?.page && reading.page.length < pageSize && !reading.gap;
    const upToDate = whole ? [...reading.members].filter((member) => this.#members.delete(member)) : [];
    this.#read();
    return upToDate;
  }

  #read(): void {
    if (this.#reading || this.#resting || this.#members.size === 0) return;
    const members = new Set([...this.#members].filter((member) => member.canTake()));
    if (members.size === 0) return this.#rest();
    const reading: Reading = { members, passed: [], gap: false, page: undefined };
    this.#reading = reading;
    void this.#fetch(reading);
  }

  /** Waits until members may have taken what they were handed. */
  #rest(): void {
    this.#resting = true;
    setTimeout(() => {
      this.#resting = false;
      this.#read();
    }, restMilliseconds).unref();
  }

  async #fetch(reading: Reading): Promise<void> {
    const { topic, outbox, refuse, arrived } = this.#channel;
    const { members } = reading;
    try {
      const after = [...members].reduce((least, { position }) => Math.min(least, position), Infinity);
      const { events, oldestSeq } = await outbox.eventsAfter({ topic, after, limit: pageSize });
      for (const member of members) if (member.position + 1 < oldestSeq) refuse(member, new EventsExpiredError());
      reading.page = events;
    } catch (error) {
      for (const member of members) refuse(member, error);
      reading.page = [];
    }
    arrived();
  }
}
