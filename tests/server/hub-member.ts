import type { GraphQLError } from 'graphql';
import { parseAndValidate } from '../../src/server/document.ts';
import type { Stage } from './stage.ts';

/** Somebody who listens at the hub itself, without a socket. */
export interface HubMember {
  readonly data: Record<string, unknown>[];
  /** Undefined: still listening; null: ended without a fault. */
  ended: GraphQLError | null | undefined;
  leave: () => void;
}

export interface JoinOptions {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly onDeliver?: (data: Record<string, unknown>) => void;
}

/** Joins as `name`; throws the refusal when there is one. */
export function joinHub(stage: Stage, name: string, { query, variables, onDeliver }: JoinOptions): HubMember {
  const valid = parseAndValidate(stage.schema, query);
  if ('errors' in valid) throw valid.errors[0];
  const member: HubMember = { data: [], ended: undefined, leave: () => {} };
  const joined = stage.hub.join(
    { ...valid, variables },
    {
      credential: `token-${name}`,
      deliver(json) {
        const { data } = JSON.parse(json);
        onDeliver?.(data);
        member.data.push(data);
      },
      end: (error) => (member.ended = error),
    },
  );
  if ('errors' in joined) throw joined.errors[0];
  member.leave = joined.leave;
  return member;
}
