import { initGraphQLTada } from 'gql.tada';
import type { introspection } from '../schema/graphql-env.d.ts';

/** Makes a typed document; a name that the schema does not have is a type error. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: { BigInt: string; DateTime: string; JSON: unknown; SqlValue: unknown };
}>();

type FieldsOf<Type extends 'Query' | 'Mutation' | 'Subscription'> =
  `${Type}.${keyof introspection['types'][Type]['fields'] & string}`;

/** A root field as the access matrix names it. */
export type RootField = FieldsOf<'Query'> | FieldsOf<'Mutation'> | FieldsOf<'Subscription'>;

export type { ResultOf } from 'gql.tada';
