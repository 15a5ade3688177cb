import { GraphQLError } from 'graphql';
import type { Context } from '../context.ts';

/** Throws on `GET`, which links and images can cause: no statement is run by it. */
export function refuseByGet({ refusesStatements }: Context): void {
  if (!refusesStatements) return;
  const extensions = { code: 'METHOD_NOT_ALLOWED' };
  throw new GraphQLError('Statements are run by POST, not by GET.', { extensions });
}
