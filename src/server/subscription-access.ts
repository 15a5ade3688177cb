import type { GraphQLError } from 'graphql';
import type { Principal } from '../operation/principal.ts';

/** Names a credential that was checked at the door; only whoever made it looks inside. */
export type CredentialHandle = string | object;

/** Whoever listens to one subscription, behind one connection. */
export interface SubscriptionMember {
  readonly credential: CredentialHandle;
  /**
   * Hands over one result as JSON; called synchronously, in the order of the events. `eventId` is what `after` takes to go on
   * behind it; null when the subscription has no `after`.
   */
  deliver(json: string, eventId: string | null): void;
  /** Whether past events may be handed over now; new ones come in any case. */
  canTake(): boolean;
  /** Called once, when the hub ends the subscription by itself; null: without a fault. */
  end(error: GraphQLError | null): void;
}

/** What a member may see, at one instant. */
export interface Access {
  readonly principal: Principal;
  /** Members with equal keys get equal results. */
  readonly key: string;
}

/** A member as the hub keeps it. */
export interface SeatedMember extends SubscriptionMember {
  readonly personal: boolean;
  /** The number of the last event that was handled for it, whether it was shown or not. */
  position: number;
  left: boolean;
  access: Access | null;
  /** The version of all access rights at which `access` was true. */
  accessVersion: number;
}

/** How the hub learns who somebody is and what they may see: from memory, as of this instant; nothing here throws. */
export interface AccessSource {
  principalOf(credential: CredentialHandle): Principal | null;
  /** `personal`: the key must tell users apart, whatever their rights. */
  accessKey(principal: Principal, personal: boolean): string;
  /** `listener` must be called synchronously with each change of anybody's rights. Returns how to stop. */
  onAccessChange(listener: () => void): () => void;
}

/** An execution whose result is only good while the rights it ran with stand. */
export interface WatchedExecution {
  /** Whether the rights changed while it ran. */
  readonly stale: boolean;
  done(): void;
}

/** Remembers the access of members until any right changes, and tells which running executions a change overtook. */
export class CurrentAccess {
  readonly #source: AccessSource;
  readonly #running = new Set<{ readonly member: SeatedMember; readonly key: string; stale: boolean }>();
  #version = 0;

  constructor(source: AccessSource) {
    this.#source = source;
  }

  /** What `member` may see now; null when the credential is no longer good. */
  of(member: SeatedMember): Access | null {
    if (member.accessVersion !== this.#version) {
      const principal = this.#source.principalOf(member.credential);
      member.access = principal && { principal, key: this.#source.accessKey(principal, member.personal) };
      member.accessVersion = this.#version;
    }
    return member.access;
  }

  /** Forgets what was remembered; executions run on behalf of somebody whose key differs now become stale. */
  changed(): void {
    this.#version += 1;
    for (const execution of this.#running) {
      if (this.of(execution.member)?.key !== execution.key) execution.stale = true;
    }
  }

  /** Starts to watch an execution that runs with the rights of `member`, which has the key `key` now. */
  watch(member: SeatedMember, key: string): WatchedExecution {
    const execution = { member, key, stale: false, done: () => void this.#running.delete(execution) };
    this.#running.add(execution);
    return execution;
  }
}
