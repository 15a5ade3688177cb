import type { GraphQLSchema } from 'graphql';
import type { RoleKey } from '../../src/operation/role-key.ts';

/** The lowest that may use a root field. */
export type Lowest = 'everybody' | 'signed in' | 'interactive' | RoleKey;

/**
 * Who may use each root field: written by hand, one row per field, so that a rule in the schema that changes by mistake
 * contradicts what somebody decided here.
 */
export const matrix: Readonly<Record<string, Lowest>> = {
  'Query.accessMatrix': 'signed in',
  'Query.auditEvents': 'core.admin',
  'Query.export': 'core.viewer',
  'Query.instance': 'everybody',
  'Query.role': 'core.viewer',
  'Query.roles': 'core.viewer',
  'Query.sources': 'core.admin',
  'Query.sql': 'core.viewer',
  'Query.syncRuns': 'core.admin',
  'Query.tables': 'core.viewer',
  'Query.tokens': 'core.admin',
  'Query.user': 'core.admin',
  'Query.users': 'core.admin',
  'Query.viewer': 'everybody',
  'Mutation.activateUser': 'core.admin',
  'Mutation.completeSetup': 'everybody',
  'Mutation.createSource': 'core.admin',
  'Mutation.createToken': 'interactive',
  'Mutation.createUser': 'core.admin',
  'Mutation.deactivateUser': 'core.admin',
  'Mutation.deleteUser': 'core.admin',
  'Mutation.exportSql': 'core.viewer',
  'Mutation.grantRole': 'core.admin',
  'Mutation.grantTableAccess': 'core.admin',
  'Mutation.registerTable': 'core.admin',
  'Mutation.revokeRole': 'core.admin',
  'Mutation.revokeTableAccess': 'core.admin',
  'Mutation.revokeToken': 'signed in',
  'Mutation.setCoreRole': 'core.admin',
  'Mutation.startSync': 'core.admin',
  'Mutation.updateUser': 'core.admin',
  'Subscription.syncEvents': 'core.viewer',
};

/** What else to send where the generated argument would not do. */
export const givenArguments: Readonly<Record<string, string>> = {
  'Mutation.exportSql': '(input: { statement: "SELECT 1", format: CSV })',
  'Query.sql': '(statement: "SELECT 1")',
  'Query.user': '(email: "nobody@example.com")',
};

/** Every root field of the schema, as the rows name them. */
export function rootFields(schema: GraphQLSchema): string[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
  );
}
