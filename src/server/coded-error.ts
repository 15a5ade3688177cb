import { GraphQLError, type ASTNode } from 'graphql';
import type { Failure } from '../kernel/errors.ts';

/** A GraphQL error for the caller, with a stable `extensions.code`. */
export function codedError(code: string, message: string, nodes?: ASTNode | readonly ASTNode[]): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { code } });
}

/** A failure that callers may see, as a GraphQL error. */
export function failureError(failure: Failure): GraphQLError {
  return codedError(failure.code, failure.message);
}

/** The same error with `extensions.code`, unless it has one already. */
export function withCode(error: GraphQLError, code: string): GraphQLError {
  if (error.extensions['code'] !== undefined) return error;
  const { message, nodes, source, positions, path } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions: { ...error.extensions, code } });
}
