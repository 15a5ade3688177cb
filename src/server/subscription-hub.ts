import type { GraphQLError } from 'graphql';
import { asGraphQLError } from '../../schema/rules.ts';
import { UnauthenticatedError } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import { codedError } from './coded-error.ts';
import type { EventBus } from './event-bus.ts';
import { EventLoopTurns } from './event-loop-turns.ts';
import {
  CurrentAccess,
  type Access,
  type AccessSource,
  type SeatedMember,
  type SubscriptionMember,
} from './subscription-access.ts';
import type { Outbox } from './subscription-backlog.ts';
import { SubscriptionChannel, type ChannelSurroundings, type SubscriptionExecution } from './subscription-channel.ts';
import { planSubscription, type SubscriptionPlan, type SubscriptionRequest } from './subscription-plan.ts';

/** A credential can end by itself, without a change of rights: no member is served longer than this after it did. */
const recheckMilliseconds = 1_000;

export interface SubscriptionHubOptions extends AccessSource, SubscriptionExecution {
  readonly bus: EventBus;
  /** Where events that `bus` published can be read again; it has each of them before the bus does. */
  readonly outbox: Outbox;
  /** Told of everybody who begins to listen to a topic; what it returns is called when they cease. */
  joined?(topic: string, principal: Principal): () => void;
}

/** Somebody was let in: `leave` when the connection goes. */
export interface Joined {
  readonly leave: () => void;
  /** The id behind which the first event comes; null when the subscription has no `after`. */
  readonly eventId: string | null;
}

/** Whether somebody was let in, or the errors that refuse. */
export type JoinResult = Joined | { readonly errors: readonly GraphQLError[] };

/**
 * All live subscriptions, whatever connection they come by. One event is executed once for all members of equal rights, in
 * a fresh context, and handed to those alone whose rights are still the same at that instant.
 */
export class SubscriptionHub {
  readonly #options: SubscriptionHubOptions;
  readonly #access: CurrentAccess;
  readonly #surroundings: ChannelSurroundings;
  readonly #channels = new Map<string, { channel: SubscriptionChannel; stopListening: () => void }>();
  readonly #members = new Map<SeatedMember, { plan: SubscriptionPlan; left: (() => void) | undefined }>();
  readonly #stopWatching: () => void;
  readonly #recheck: NodeJS.Timeout;
  #sweepComing = false;
  #executions = 0;

  constructor(options: SubscriptionHubOptions) {
    this.#options = options;
    this.#access = new CurrentAccess(options);
    this.#surroundings = {
      execution: options,
      access: this.#access,
      turns: new EventLoopTurns(),
      outbox: options.outbox,
      accessOf: (member) => this.#accessOf(member),
      end: (member, error) => this.#end(member, error),
      executed: () => (this.#executions += 1),
    };
    this.#stopWatching = options.onAccessChange(() => this.#accessChanged());
    this.#recheck = setInterval(() => this.#accessChanged(), recheckMilliseconds).unref();
  }

  /** How many subscriptions are open. */
  get memberCount(): number {
    return this.#members.size;
  }

  /** How many events are held in memory for members, the results that connections hold aside. */
  get heldEvents(): number {
    let held = 0;
    for (const { channel } of this.#channels.values()) held += channel.heldEvents;
    return held;
  }

  /** How many times an event was executed, since the start. */
  get executionCount(): number {
    return this.#executions;
  }

  /** The id of the newest event, for those who may subscribe to something with `after`; null for others. */
  lastEventId(principal: Principal): string | null {
    const fields = Object.values(this.#options.schema.getSubscriptionType()?.getFields() ?? {});
    const allowed = fields.some(
      (field) => field.args.some(({ name }) => name === 'after') && !this.#options.refusal(field, principal),
    );
    return allowed ? String(this.#options.outbox.lastSeq) : null;
  }

  /** Lets somebody listen, from the next event on or from behind the one it names. The rule of the root field is asked first. */
  join(request: SubscriptionRequest, member: SubscriptionMember): JoinResult {
    const principal = this.#options.principalOf(member.credential);
    if (!principal) return { errors: [asGraphQLError(new UnauthenticatedError())] };
    const plan = planSubscription(this.#options.schema, request);
    if ('errors' in plan) return plan;
    const refusal = this.#options.refusal(plan.field, principal);
    if (refusal) return { errors: [refusal] };
    const { lastSeq } = this.#options.outbox;
    const position = plan.after ?? lastSeq;
    if (position > lastSeq) {
      return { errors: [codedError('BAD_USER_INPUT', '`after` is not the id of an event: none has come so far.')] };
    }
    const seated = seat(member, { personal: plan.personal, position });
    this.#members.set(seated, { plan, left: this.#options.joined?.(plan.source.topic, principal) });
    this.#channelOf(plan).add(seated);
    return { leave: () => this.#leave(seated), eventId: plan.resumable ? String(position) : null };
  }

  /** Ends every subscription, to be gone on with elsewhere, and stops listening. */
  close(): void {
    clearInterval(this.#recheck);
    this.#stopWatching();
    for (const member of this.#members.keys()) this.#end(member, null);
  }

  #channelOf(plan: SubscriptionPlan): SubscriptionChannel {
    const known = this.#channels.get(plan.channelKey);
    if (known) return known.channel;
    const channel = new SubscriptionChannel(plan, this.#surroundings);
    const stopListening = this.#options.bus.subscribe(plan.source.topic, (event) => channel.enqueue(event));
    this.#channels.set(plan.channelKey, { channel, stopListening });
    return channel;
  }

  #leave(member: SeatedMember): void {
    if (member.left) return;
    member.left = true;
    const seat = this.#members.get(member);
    const key = seat?.plan.channelKey ?? '';
    this.#members.delete(member);
    seat?.left?.();
    const entry = this.#channels.get(key);
    entry?.channel.delete(member);
    if (entry?.channel.size === 0) {
      entry.stopListening();
      this.#channels.delete(key);
    }
  }

  #end(member: SeatedMember, error: GraphQLError | null): void {
    if (member.left) return;
    this.#leave(member);
    member.end(error);
  }

  #accessOf(member: SeatedMember): Access | null {
    const access = this.#access.of(member);
    if (!access) this.#end(member, asGraphQLError(new UnauthenticatedError('The credential is no longer valid.')));
    return access;
  }

  /** From now on nothing is handed out by the old rights; who is gone is told in the next turn of the event loop. */
  #accessChanged(): void {
    this.#access.changed();
    if (this.#sweepComing) return;
    this.#sweepComing = true;
    setImmediate(() => {
      this.#sweepComing = false;
      for (const [member, { plan }] of this.#members) {
        const access = this.#accessOf(member);
        const refusal = access && this.#options.refusal(plan.field, access.principal);
        if (refusal) this.#end(member, refusal);
      }
    });
  }
}

function seat(member: SubscriptionMember, given: Pick<SeatedMember, 'personal' | 'position'>): SeatedMember {
  return {
    credential: member.credential,
    deliver: (json, eventId) => member.deliver(json, eventId),
    canTake: () => member.canTake(),
    end: (error) => member.end(error),
    ...given,
    left: false,
    access: null,
    accessVersion: -1,
  };
}
