import type { initGraphQLTada, TadaDocumentNode } from 'gql.tada';
import type { introspection } from '../../schema/graphql-env.d.ts';

type TypedGraphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: { BigInt: string; DateTime: string; JSON: unknown; SqlValue: unknown };
}>;

/** A document with the types of its result and its variables. When the program runs, it is its text. */
export type Document<Result, Variables> = TadaDocumentNode<Result, Variables>;

/** Makes a typed document out of its text; a name that the schema does not have is a type error. */
export const graphql = ((text: string) => text) as unknown as TypedGraphql;

/** Asks the server one query for one person; throws a `ToolFailure` for whatever is not its data. */
export type Ask = <Result, Variables extends object>(
  document: Document<Result, Variables>,
  variables: Variables,
  signal: AbortSignal,
) => Promise<Result>;
