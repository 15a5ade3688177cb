import type { GraphQLError } from 'graphql';
import { parseAndValidate } from '../../src/server/document.ts';
import type { Stage } from './stage.ts';

/** Somebody who listens at the hub itself, without a socket. */
export interface HubMember {
  readonly data: Record<string, unknown>[];
  /** The id of each event, as the hub tells it. */
  readonly ids: (string | null)[];
  /** Undefined: still listening; null: ended without a fault. */
  ended: GraphQLError | null | undefined;
  leave: () => void;
}

export interface JoinOptions {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  /** Whether past events may be handed over now. */
  readonly canTake?: () => boolean;
  readonly onDeliver?: (data: Record<string, unknown>) => void;
}

/** Joins as `name`; throws the refusal when there is one. */
export function joinHub(
  stage: Stage,
  name: string,
  { query, variables, canTake = () => true, onDeliver }: JoinOptions,
): HubMember {
  const valid = parseAndValidate(stage.schema, query);
  if ('errors' in valid) throw valid.errors[0];
  const member: HubMember = { data: [], ids: [], ended: undefined, leave: () => {} };
  const joined = stage.hub.join(
    { ...valid, variables },
    {
      credential: `token-${name}`,
      deliver(json, eventId) {
        const { data } = JSON.parse(json);
        onDeliver?.(data);
        member.data.push(data);
        member.ids.push(eventId);
      },
      canTake,
      end: (error) => (member.ended = error),
    },
  );
  if ('errors' in joined) throw joined.errors[0];
  member.leave = joined.leave;
  return member;
}
