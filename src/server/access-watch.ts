import { rolesOf } from '../identity/authenticate.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { ReadableSet } from '../sharing/readable-set.ts';
import { accessTopic, listenerKey, type AccessChanges, type ReadableChange } from '../sharing/readable-change.ts';
import type { TopicBus } from './event-bus.ts';

interface Seen {
  readonly readable: ReadableSet;
  /** The keys of the effective roles, sorted and joined. */
  readonly roles: string;
}

/** A user who listens, with all rights or by a token that gives up some. */
type Listener = Pick<Principal, 'userId' | 'narrowing'>;

/** Remembers what each listener may see, and puts an event on the bus when that has become something else. */
export class AccessWatch {
  readonly #services: Services;
  readonly #bus: TopicBus;
  readonly #people = new Map<string, { listener: Listener; listeners: number; seen: Seen }>();
  #lookComing = false;

  constructor(services: Services, bus: TopicBus) {
    this.#services = services;
    this.#bus = bus;
  }

  /** Watches this listener from now on; returns how to stop. */
  watch({ userId, narrowing }: Listener): () => void {
    const listener: Listener = narrowing ? { userId, narrowing } : { userId };
    const key = listenerKey(listener);
    const person = this.#people.get(key) ?? { listener, listeners: 0, seen: this.#see(listener) };
    this.#people.set(key, person);
    person.listeners += 1;
    return () => {
      person.listeners -= 1;
      if (person.listeners === 0) this.#people.delete(key);
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
    for (const [key, person] of this.#people) {
      const before = person.seen;
      const now = this.#see(person.listener);
      if (now.readable.key === before.readable.key && now.roles === before.roles) continue;
      person.seen = now;
      changes.set(key, {
        added: now.readable.ids.filter((id) => !before.readable.has(id)),
        removed: before.readable.ids.filter((id) => !now.readable.has(id)),
      });
    }
    if (changes.size === 0) return;
    const payload: AccessChanges = { changes };
    this.#bus.publish([{ seq: 0, at: this.#services.clock.now(), topic: accessTopic, payload }]);
  }

  #see(listener: Listener): Seen {
    const roles = rolesOf(this.#services, listener);
    const { userId, narrowing } = listener;
    return {
      readable: this.#services.tableAccess.readableSet(narrowing ? { userId, roles, narrowing } : userId),
      roles: [...roles].toSorted().join(),
    };
  }
}
