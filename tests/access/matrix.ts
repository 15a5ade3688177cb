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
  'Query.accessRequests': 'core.viewer',
  'Query.auditEvents': 'core.admin',
  'Query.checkSource': 'core.admin',
  'Query.connectors': 'core.admin',
  'Query.deviceRequest': 'interactive',
  'Query.discoverTables': 'core.admin',
  'Query.explainAccess': 'core.admin',
  'Query.export': 'core.analyst',
  'Query.groupMappings': 'core.admin',
  'Query.instance': 'everybody',
  'Query.knownGroups': 'core.admin',
  'Query.manifest': 'core.viewer',
  'Query.metric': 'core.viewer',
  'Query.metrics': 'core.viewer',
  'Query.node': 'signed in',
  'Query.nodes': 'signed in',
  'Query.role': 'core.viewer',
  'Query.roles': 'core.viewer',
  'Query.runMetric': 'core.viewer',
  'Query.signingKeys': 'core.admin',
  'Query.source': 'core.admin',
  'Query.sources': 'core.admin',
  'Query.sql': 'core.viewer',
  'Query.syncRun': 'core.admin',
  'Query.syncRuns': 'core.admin',
  'Query.table': 'core.viewer',
  'Query.tables': 'core.viewer',
  'Query.tokens': 'core.admin',
  'Query.uploads': 'core.admin',
  'Query.user': 'core.admin',
  'Query.userRemoval': 'core.admin',
  'Query.users': 'core.admin',
  'Query.viewer': 'everybody',
  'Mutation.acceptInvite': 'everybody',
  'Mutation.activateUser': 'core.admin',
  'Mutation.approveDevice': 'interactive',
  'Mutation.cancelSyncRun': 'core.admin',
  'Mutation.changePassword': 'interactive',
  'Mutation.chooseSyncTables': 'core.viewer',
  'Mutation.completeSetup': 'everybody',
  'Mutation.configureInstance': 'core.admin',
  'Mutation.createGroupMapping': 'core.admin',
  'Mutation.createRole': 'core.admin',
  'Mutation.createSource': 'core.admin',
  'Mutation.createToken': 'interactive',
  'Mutation.createUser': 'core.admin',
  'Mutation.deactivateUser': 'core.admin',
  'Mutation.decideAccessRequest': 'core.admin',
  'Mutation.deleteGroupMapping': 'core.admin',
  'Mutation.deleteMetric': 'core.km_admin',
  'Mutation.deleteRole': 'core.admin',
  'Mutation.deleteSource': 'core.admin',
  'Mutation.deleteUpload': 'core.viewer',
  'Mutation.deleteUser': 'core.admin',
  'Mutation.denyDevice': 'interactive',
  'Mutation.describeColumns': 'core.km_admin',
  'Mutation.endDevice': 'signed in',
  'Mutation.endSession': 'signed in',
  'Mutation.endSessionsOf': 'core.admin',
  'Mutation.exportSql': 'core.analyst',
  'Mutation.grantRole': 'core.admin',
  'Mutation.grantTableAccess': 'core.admin',
  'Mutation.hybridSql': 'query.remote_spender',
  'Mutation.importMetrics': 'core.km_admin',
  'Mutation.inviteUser': 'core.admin',
  'Mutation.pushColumnMetadata': 'core.admin',
  'Mutation.registerTable': 'core.admin',
  'Mutation.registerTables': 'core.admin',
  'Mutation.removeSecret': 'core.admin',
  'Mutation.requestPasswordReset': 'everybody',
  'Mutation.requestSignInLink': 'everybody',
  'Mutation.requestTableAccess': 'core.viewer',
  'Mutation.resetPassword': 'everybody',
  'Mutation.revokeRole': 'core.admin',
  'Mutation.revokeTableAccess': 'core.admin',
  'Mutation.revokeToken': 'signed in',
  'Mutation.rotateSigningKey': 'core.admin',
  'Mutation.saveMetric': 'core.km_admin',
  'Mutation.sendPasswordReset': 'core.admin',
  'Mutation.setCoreRole': 'core.admin',
  'Mutation.setSecret': 'core.admin',
  'Mutation.setUpAgent': 'interactive',
  'Mutation.signIn': 'everybody',
  'Mutation.signInByLink': 'everybody',
  'Mutation.signOut': 'signed in',
  'Mutation.signOutEverywhere': 'signed in',
  'Mutation.startSync': 'core.admin',
  'Mutation.unlinkIdentity': 'signed in',
  'Mutation.unregisterTable': 'core.admin',
  'Mutation.updateRole': 'core.admin',
  'Mutation.updateSource': 'core.admin',
  'Mutation.updateTable': 'core.admin',
  'Mutation.updateUser': 'core.admin',
  'Subscription.accessChanged': 'signed in',
  'Subscription.notifications': 'signed in',
  'Subscription.syncEvents': 'core.viewer',
};

/** What else to send where the generated argument would not do. */
export const givenArguments: Readonly<Record<string, string>> = {
  'Mutation.exportSql': '(input: { statement: "SELECT 1", format: CSV })',
  'Mutation.hybridSql': '(input: { statement: "FROM a", remotes: [{ alias: "a", statement: "SELECT 1" }] })',
  'Query.sql': '(statement: "SELECT 1")',
  'Query.table': '(sqlName: "shop.nothing")',
  'Query.syncRun': '(id: "SyncRun:nothing")',
  'Query.user': '(email: "nobody@example.com")',
};

/** Those that end the session of who asks, so that nobody can ask with it again. */
export const endsItsSession: ReadonlySet<string> = new Set(['Mutation.signOut', 'Mutation.signOutEverywhere']);

/** Every root field of the schema, as the rows name them. */
export function rootFields(schema: GraphQLSchema): string[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
  );
}
