import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin, { type AuthFailure } from '@pothos/plugin-scope-auth';
import {
  ForbiddenError,
  InteractiveSignInRequiredError,
  UnauthenticatedError,
  type Failure,
} from '../src/kernel/errors.ts';
import type { RoleKey } from '../src/operation/role-key.ts';
import { permits } from '../src/operation/rule.ts';
import type { Context } from './context.ts';
import './nodes.ts';
import { asGraphQLError } from './rules.ts';

/** The types that the whole schema is built on. */
export interface SchemaShape {
  Context: Context;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  AuthScopes: { role: RoleKey; signedIn: true; interactive: true; public: true };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    BigInt: { Input: string; Output: number | bigint | string };
    JSON: { Input: unknown; Output: unknown };
    SqlValue: { Input: unknown; Output: unknown };
  };
}

/** The one builder; it defines no type. */
export const builder = new SchemaBuilder<SchemaShape>({
  // Resolvers are wrapped first to last: a refusal comes before the error unions, so that it is a top-level error.
  plugins: [ScopeAuthPlugin, ErrorsPlugin, RelayPlugin, DirectivesPlugin, 'rules', 'nodes'],
  defaultFieldNullability: false,
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: (context) => ({
      role: (key) => permits({ role: key }, context.principal),
      signedIn: permits({ signedIn: true }, context.principal),
      interactive: permits({ interactive: true }, context.principal),
      public: true,
    }),
    unauthorizedError: (_parent, context, _info, result) => asGraphQLError(refusalOf(context, result.failure)),
  },
  errors: {
    defaultTypes: [],
    directResult: true,
    defaultUnionOptions: {
      description: 'What the mutation did, or the failure that was to be expected.',
      name: ({ fieldName }) => `${fieldName[0]?.toUpperCase()}${fieldName.slice(1)}Result`,
    },
  },
  relay: {
    // `node` and `nodes` are ours: see `schema/nodes.ts`.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'Anything with a global id.' },
    idFieldOptions: { description: 'Global id: `Type:id`.' },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    hasNextPageFieldOptions: { description: 'Whether more follow after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there are some before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first edge.' },
    endCursorFieldOptions: { description: 'The cursor of the last edge; give it as `after` to read on.' },
    pageInfoFieldOptions: { description: 'Where the page stands in its list.' },
    edgesFieldOptions: { description: 'The page, in the order of the list.' },
    nodeFieldOptions: { description: 'What stands here.' },
    cursorFieldOptions: { description: 'Marks this place in the list.' },
    encodeGlobalID: (typename, id) => `${typename}:${String(id)}`,
    decodeGlobalID: (globalId) => {
      const colon = globalId.indexOf(':');
      return { typename: globalId.slice(0, colon), id: globalId.slice(colon + 1) };
    },
  },
  directives: { useGraphQLToolsUnorderedDirectives: true },
});

function refusalOf(context: Context, failure: AuthFailure): Failure {
  if (!context.principal) return new UnauthenticatedError();
  if ('scope' in failure && failure.scope === 'interactive') return new InteractiveSignInRequiredError();
  const role = 'scope' in failure && failure.scope === 'role' && 'parameter' in failure ? failure.parameter : null;
  return new ForbiddenError(typeof role === 'string' ? role : 'core.admin');
}
