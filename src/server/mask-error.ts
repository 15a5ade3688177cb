import { GraphQLError } from 'graphql';
import { asGraphQLError } from '../../schema/rules.ts';
import { Failure } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { withCode } from './coded-error.ts';

/**
 * What a caller gets to see of an error, on every transport: a failure with its code, a GraphQL error of the request
 * itself (`BAD_USER_INPUT` unless it says more, as for variables that do not fit), or `INTERNAL_SERVER_ERROR` with the request id and nothing else; the log has the rest.
 */
export function maskError(error: unknown, given: { requestId: string; log: Log }): GraphQLError {
  const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (original instanceof Failure) {
    if (original.detail) given.log.warn({ requestId: given.requestId, detail: original.detail }, original.message);
    return at(error, asGraphQLError(original));
  }
  if (original instanceof GraphQLError) return withCode(error as GraphQLError, 'BAD_USER_INPUT');
  given.log.error({ err: original, requestId: given.requestId }, 'unexpected error');
  return at(
    error,
    new GraphQLError('Something went wrong on the server; its log has the details under the request id.', {
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: given.requestId },
    }),
  );
}

/** `told` at the place in the document where `error` happened. */
function at(error: unknown, told: GraphQLError): GraphQLError {
  if (!(error instanceof GraphQLError)) return told;
  const { nodes, path } = error;
  return new GraphQLError(told.message, { nodes, path, extensions: told.extensions });
}
