import { GraphQLError, type GraphQLField, type GraphQLSchema } from 'graphql';
import { asGraphQLError } from '../../schema/rules.ts';
import { Failure } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import type { StoredEvent } from '../store/store.ts';
import { codedError } from './coded-error.ts';
import type { EventLoopTurns } from './event-loop-turns.ts';
import { executeWithinTime } from './execute.ts';
import type { Access, CurrentAccess, SeatedMember } from './subscription-access.ts';
import { Backlog, type Outbox, type Replay } from './subscription-backlog.ts';
import type { SubscriptionPlan } from './subscription-plan.ts';

/** What the hub needs to know about the schema it serves. */
export interface SubscriptionExecution {
  readonly schema: GraphQLSchema;
  /** A fresh GraphQL context for one execution. */
  contextFor(principal: Principal): unknown;
  /** What the rule of a root field has against `principal`; null when it may. */
  refusal(field: GraphQLField<unknown, unknown>, principal: Principal): GraphQLError | null;
  /** What callers get to see of an error; the same function as for every other answer. */
  maskError(error: GraphQLError): GraphQLError;
}

/** What a channel uses of its hub. */
export interface ChannelSurroundings {
  readonly execution: SubscriptionExecution;
  readonly access: CurrentAccess;
  readonly turns: EventLoopTurns;
  readonly outbox: Outbox;
  /** What the member may see now; ends it when its credential is no longer good. */
  accessOf(member: SeatedMember): Access | null;
  /** Takes a member out of the hub and tells it why. */
  end(member: SeatedMember, error: GraphQLError | null): void;
  /** Counts executions. */
  executed(): void;
}

interface Group {
  readonly key: string;
  readonly members: SeatedMember[];
}

const waitingEventsAtMost = 1_000;

/**
 * Everyone who listens with the same document and variables. Events are handled strictly one after the other. A member that
 * lacks past events gets them from the outbox first. Whatever way an event takes, a member is handed it only if its number
 * is above the member's position, which rises with it: nothing comes twice, nothing out of order.
 */
export class SubscriptionChannel {
  readonly #live = new Set<SeatedMember>();
  readonly #backlog: Backlog;
  readonly #plan: SubscriptionPlan;
  readonly #hub: ChannelSurroundings;
  #waiting: StoredEvent[] = [];
  #working = false;

  constructor(plan: SubscriptionPlan, hub: ChannelSurroundings) {
    this.#plan = plan;
    this.#hub = hub;
    this.#backlog = new Backlog({
      topic: plan.source.topic,
      outbox: hub.outbox,
      arrived: () => this.#wake(),
      refuse: (member, error) => hub.end(member, error instanceof Failure ? asGraphQLError(error) : this.#mask(error)),
    });
  }

  get size(): number {
    return this.#live.size + this.#backlog.size;
  }

  /** How many events it holds in memory. */
  get heldEvents(): number {
    return this.#waiting.length + this.#backlog.heldEvents;
  }

  /** From now on the member gets every event above its position. */
  add(member: SeatedMember): void {
    if (member.position < this.#hub.outbox.lastSeq) this.#backlog.add(member);
    else this.#live.add(member);
  }

  delete(member: SeatedMember): void {
    this.#live.delete(member);
    this.#backlog.delete(member);
  }

  /** Takes an event; it is handled in a later turn of the event loop, so that a commit never waits for listeners. */
  enqueue(event: StoredEvent): void {
    if (this.#waiting.length >= waitingEventsAtMost) return isKept(event) ? this.#leaveToOutbox() : this.#giveUp();
    this.#waiting.push(event);
    this.#wake();
  }

  /** Too many events wait that are kept nowhere else. */
  #giveUp(): void {
    this.#waiting = [];
    const lost = codedError('EVENTS_LOST', 'Events come faster than they can be handled; subscribe again.');
    for (const member of this.#live) this.#hub.end(member, lost);
  }

  /** Too many events wait: they are forgotten here, and everyone gets them from the outbox. */
  #leaveToOutbox(): void {
    this.#waiting = [];
    this.#backlog.lost();
    const members = [...this.#live];
    this.#live.clear();
    for (const member of members) this.#backlog.add(member);
  }

  #wake(): void {
    if (this.#working) return;
    this.#working = true;
    setImmediate(() => void this.#work());
  }

  async #work(): Promise<void> {
    let replay: Replay | null;
    do {
      for (let waited = this.#waiting.length; waited > 0; waited -= 1) await this.#handOutNext();
      replay = this.#backlog.take();
      if (replay) await this.#replay(replay);
    } while (replay || this.#waiting.length > 0);
    this.#working = false;
  }

  async #handOutNext(): Promise<void> {
    const event = this.#waiting.shift();
    if (!event) return;
    this.#backlog.passes(event);
    await this.#handle(event, this.#live);
    await this.#hub.turns.next();
  }

  async #replay({ members, events }: Replay): Promise<void> {
    for (const event of events) {
      for (const member of members) if (member.left || !member.canTake()) members.delete(member);
      await this.#handle(event, members);
      await this.#hub.turns.next();
    }
    for (const member of this.#backlog.finish()) this.#live.add(member);
  }

  async #handle(event: StoredEvent, members: Iterable<SeatedMember>): Promise<void> {
    let waiting = [...members].filter(({ position }) => !isKept(event) || position < event.seq);
    if (isKept(event)) for (const member of waiting) member.position = event.seq;
    while (waiting.length > 0) {
      const served: Promise<SeatedMember[]>[] = [];
      for (const group of this.#groupByAccess(waiting)) {
        served.push(this.#serve(event, group));
        await this.#hub.turns.next();
      }
      waiting = (await Promise.all(served)).flat();
    }
  }

  #groupByAccess(members: readonly SeatedMember[]): Iterable<Group> {
    const groups = new Map<string, Group>();
    for (const member of members) {
      const access = this.#accessOf(member);
      if (!access) continue;
      const group = groups.get(access.key);
      if (group) group.members.push(member);
      else groups.set(access.key, { key: access.key, members: [member] });
    }
    return groups.values();
  }

  /** Hands the event to the group; resolves to those whose access changed meanwhile, who must be served again. */
  async #serve(event: StoredEvent, { key, members }: Group): Promise<SeatedMember[]> {
    const before = this.#split(members, key);
    const first = before.stay[0];
    const principal = first && this.#accessOf(first)?.principal;
    if (!first || !principal) return before.moved;
    const watched = this.#hub.access.watch(first, key);
    const answer = await this.#answer(event, principal).finally(watched.done);
    if (watched.stale) return [...before.moved, ...before.stay];
    const after = this.#split(before.stay, key);
    if (answer instanceof GraphQLError) for (const member of after.stay) this.#hub.end(member, answer);
    else if (answer !== null) this.#handOut(after.stay, answer, this.#plan.resumable ? String(event.seq) : null);
    return [...before.moved, ...after.moved];
  }

  /** The event as JSON for all who may see what `principal` may; null: not theirs; an error: it ends them. */
  async #answer(event: StoredEvent, principal: Principal): Promise<string | GraphQLError | null> {
    const { execution } = this.#hub;
    const { document, operation, variables, field, source, args } = this.#plan;
    try {
      const refusal = execution.refusal(field, principal);
      if (refusal) return refusal;
      const contextValue = execution.contextFor(principal);
      if (!source.visible(event, args, contextValue)) return null;
      this.#hub.executed();
      const result = await executeWithinTime({
        schema: execution.schema,
        document,
        operationName: operation.name?.value,
        variableValues: variables,
        rootValue: { ...(event.payload as object), seq: event.seq, at: event.at },
        contextValue,
      });
      const errors = result.errors?.map((error) => execution.maskError(error));
      return errors?.find(refusesRoot) ?? JSON.stringify(errors ? { ...result, errors } : result);
    } catch (error) {
      return this.#mask(error);
    }
  }

  #handOut(members: readonly SeatedMember[], json: string, eventId: string | null): void {
    for (const member of members) {
      if (member.left) continue;
      try {
        member.deliver(json, eventId);
      } catch (error) {
        this.#hub.end(member, this.#mask(error));
      }
    }
  }

  #split(members: readonly SeatedMember[], key: string): { stay: SeatedMember[]; moved: SeatedMember[] } {
    const stay: SeatedMember[] = [];
    const moved: SeatedMember[] = [];
    for (const member of members) {
      const access = this.#accessOf(member);
      if (access) (access.key === key ? stay : moved).push(member);
    }
    return { stay, moved };
  }

  #accessOf(member: SeatedMember): Access | null {
    return member.left ? null : this.#hub.accessOf(member);
  }

  #mask(error: unknown): GraphQLError {
    const original = error instanceof Error ? error : new Error(String(error));
    return this.#hub.execution.maskError(new GraphQLError('Unexpected error.', { originalError: original }));
  }
}

/** Events without a number were never in the outbox. */
function isKept({ seq }: StoredEvent): boolean {
  return seq > 0;
}

/** A partial answer is the client's to read; only a refusal of the root field itself ends the subscription. */
function refusesRoot(error: GraphQLError): boolean {
  const { code } = error.extensions;
  return (
    error.path?.length === 1 &&
    (code === 'FORBIDDEN' || code === 'INTERACTIVE_SIGN_IN_REQUIRED' || code === 'UNAUTHENTICATED')
  );
}
