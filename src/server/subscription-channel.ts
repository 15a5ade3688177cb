import { execute, GraphQLError, type GraphQLField, type GraphQLSchema } from 'graphql';
import type { Principal } from '../operation/principal.ts';
import type { StoredEvent } from '../store/store.ts';
import { codedError } from './coded-error.ts';
import type { EventLoopTurns } from './event-loop-turns.ts';
import type { Access, CurrentAccess, SeatedMember } from './subscription-access.ts';
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

/** Everyone who listens with the same document and variables. Events are handled strictly one after the other. */
export class SubscriptionChannel {
  readonly members = new Set<SeatedMember>();
  readonly #plan: SubscriptionPlan;
  readonly #hub: ChannelSurroundings;
  #waiting: StoredEvent[] = [];
  #working = false;

  constructor(plan: SubscriptionPlan, hub: ChannelSurroundings) {
    this.#plan = plan;
    this.#hub = hub;
  }

  /** Takes an event; it is handled in a later turn of the event loop, so that a commit never waits for listeners. */
  enqueue(event: StoredEvent): void {
    if (this.#waiting.length >= waitingEventsAtMost) {
      const message = 'Events come faster than they can be handled; subscribe again.';
      this.#waiting = [];
      for (const member of this.members) this.#hub.end(member, codedError('EVENTS_LOST', message));
      return;
    }
    this.#waiting.push(event);
    if (this.#working) return;
    this.#working = true;
    setImmediate(() => void this.#work());
  }

  async #work(): Promise<void> {
    for (let event = this.#waiting.shift(); event; event = this.#waiting.shift()) {
      await this.#handle(event);
      await this.#hub.turns.next();
    }
    this.#working = false;
  }

  async #handle(event: StoredEvent): Promise<void> {
    let waiting = [...this.members];
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
    else if (answer !== null) this.#handOut(after.stay, answer);
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
      const result = await execute({
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

  #handOut(members: readonly SeatedMember[], json: string): void {
    for (const member of members) {
      if (member.left) continue;
      try {
        member.deliver(json);
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

/** A partial answer is the client's to read; only a refusal of the root field itself ends the subscription. */
function refusesRoot(error: GraphQLError): boolean {
  const { code } = error.extensions;
  return (
    error.path?.length === 1 &&
    (code === 'FORBIDDEN' || code === 'INTERACTIVE_SIGN_IN_REQUIRED' || code === 'UNAUTHENTICATED')
  );
}
