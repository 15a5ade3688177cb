import type { Services } from '../operation/services.ts';
import type { ReadableSet } from '../sharing/readable-set.ts';
import { accessTopic, type AccessChanges, type ReadableChange } from '../sharing/readable-change.ts';
import type { TopicBus } from './event-bus.ts';

interface Seen {
  readonly readable: ReadableSet;
  /** The keys of the effective roles, sorted and joined. */
  readonly roles: string;
}

/** Remembers what each listening person may see, and puts an event on the bus when that has become something else. */
export class AccessWatch {
  readonly #services: Services;
  readonly #bus: TopicBus;
  readonly #people = new Map<string, { listeners: number; seen: Seen }>();
  #lookComing = false;

  constructor(services: Services, bus: TopicBus) {
    this.#services = services;
    this.#bus = bus;
  }

  /** Watches this user from now on; returns how to stop. */
  watch(userId: string): () => void {
    const person = this.#people.get(userId) ?? { listeners: 0, seen: this.#see(userId) };
    this.#people.set(userId, person);
    person.listeners += 1;
    return () => {
      person.listeners -= 1;
      if (person.listeners === 0) this.#people.delete(userId);
    };
  }

  /** To be called with each change of anybody's access; it looks in the next turn of the event loop, so that a commit need not wait. */
  accessChanged(): void {
    if (this.#lookComing || this.#people.size === 0) return;
    this.#lookComing = true;
    setImmediate(() => {
      this.#lookComing = false;
      this.#look();
    });
  }

  #look(): void {
    const changes = new Map<string, ReadableChange>();
    for (const [userId, person] of this.#people) {
      const before = person.seen;
      const now = this.#see(userId);
      if (now.readable.key === before.readable.key && now.roles === before.roles) continue;
      person.seen = now;
      changes.set(userId, {
        added: now.readable.ids.filter((id) => !before.readable.has(id)),
        removed: before.readable.ids.filter((id) => !now.readable.has(id)),
      });
    }
    if (changes.size === 0) return;
    const payload: AccessChanges = { changes };
    this.#bus.publish([{ seq: 0, at: this.#services.clock.now(), topic: accessTopic, payload }]);
  }

  #see(userId: string): Seen {
    const { accessIndex, tableAccess } = this.#services;
    return {
      readable: tableAccess.readableSet(userId),
      roles: [...accessIndex.rolesOf(userId)].toSorted().join(),
    };
  }
}
