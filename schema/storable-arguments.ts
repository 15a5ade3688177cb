import { GraphQLError } from 'graphql';
import { findNul, nulSentence } from '../src/kernel/unstorable-text.ts';

/** The refusal (`BAD_USER_INPUT`) of arguments that hold U+0000 anywhere, which PostgreSQL cannot store; else null. */
export function unstorable(args: object): GraphQLError | null {
  const path = findNul(args);
  if (path === null) return null;
  return new GraphQLError(`${path}: ${nulSentence}`, { extensions: { code: 'BAD_USER_INPUT' } });
}
