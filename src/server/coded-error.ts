import { GraphQLError, type ASTNode } from 'graphql';

/** A GraphQL error for the caller, with a stable `extensions.code`. */
export function codedError(code: string, message: string, nodes?: ASTNode | readonly ASTNode[]): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { code } });
}

/** The same error with `extensions.code`, unless it has one already. */
export function withCode(error: GraphQLError, code: string): GraphQLError {
  if (error.extensions['code'] !== undefined) return error;
  const { message, nodes, source, positions, path } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions: { ...error.extensions, code } });
}
