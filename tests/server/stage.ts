import {
  buildSchema,
  execute,
  GraphQLError,
  type ExecutionResult,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import type { Principal } from '../../src/operation/principal.ts';
import { codedError } from '../../src/server/coded-error.ts';
import { TopicBus } from '../../src/server/event-bus.ts';
import type { StoredEvent } from '../../src/store/store.ts';
import { KeptEvents } from './kept-events.ts';
import { SubscriptionHub } from '../../src/server/subscription-hub.ts';
import type { SubscriptionSource } from '../../src/server/subscription-plan.ts';
import type { OperationToExecute } from '../../src/server/websocket-operations.ts';
import { Rights } from './rights.ts';

interface StageContext {
  readonly principal: Principal;
}

interface TableEvent {
  readonly table: string;
  readonly text?: string;
}

/** A small schema with rules, events about tables, and the hub over them. */
export interface Stage {
  readonly schema: GraphQLSchema;
  readonly rights: Rights;
  readonly hub: SubscriptionHub;
  readonly outbox: KeptEvents;
  /** Executions of events wait for what this returns: after `readable` was read, before `readableLate` is. */
  pause: () => Promise<void> | undefined;
  /** Emits an event about a table and returns its number. */
  emit(event: TableEvent): number;
  refusal(field: GraphQLField<unknown, unknown>, principal: Principal): GraphQLError | null;
  maskError(error: GraphQLError): GraphQLError;
}

const definitions = `
  type Query { hello: String!, me: String, fails: String, self: Query, tables(first: Int): [String!]! }
  type Mutation { say(word: String!): String }
  type Subscription {
    tableEvents(tables: [ID!], after: ID): TableEvent
    adminEvents: TableEvent
  }
  type TableEvent {
    number: Int!
    table: ID!
    text: String
    readable: [String!]
    readableLate: [String!]
    me: String
    adminOnly: String
    fails: String
  }
`;

export function createStage(): Stage {
  const rights = new Rights();
  const bus = new TopicBus();
  const outbox = new KeptEvents();
  const schema = buildSchema(definitions);
  const stage: Stage = {
    schema,
    rights,
    outbox,
    pause: () => undefined,
    hub: new SubscriptionHub({
      schema,
      bus,
      outbox,
      principalOf: (credential) => rights.principalOf(credential),
      accessKey: (principal, personal) => rights.accessKey(principal, personal),
      onAccessChange: (listener) => rights.onAccessChange(listener),
      contextFor: (principal) => ({ principal }),
      refusal,
      maskError,
    }),
    emit({ table, text }) {
      const number = outbox.lastSeq + 1;
      const event: StoredEvent = { seq: number, at: new Date(), topic: 'tables', payload: { number, table, text } };
      outbox.keep(event);
      bus.publish([event]);
      return number;
    },
    refusal,
    maskError,
  };
  addResolvers(stage);
  return stage;
}

function addResolvers(stage: Stage): void {
  const { schema, rights } = stage;
  const source: SubscriptionSource = {
    topic: 'tables',
    visible({ payload }, args, context) {
      const { table } = payload as TableEvent;
      const readable = rights.person((context as StageContext).principal.userId).tables;
      const asked = args['tables'] as string[] | undefined;
      return readable.has(table) && (!asked || asked.includes(table));
    },
  };
  on(schema, 'Subscription', {
    tableEvents: { resolve: (payload) => payload, extensions: { subscription: source, role: 'viewer' } },
    adminEvents: { resolve: (payload) => payload, extensions: { subscription: source, role: 'admin' } },
  });
  on(schema, 'TableEvent', {
    async readable(_parent, _args, { principal }) {
      const tables = rights.tablesOf(principal);
      await stage.pause();
      return tables;
    },
    async readableLate(_parent, _args, { principal }) {
      await stage.pause();
      return rights.tablesOf(principal);
    },
    me: { resolve: (_parent, _args, { principal }) => principal.email, extensions: { personal: true } },
    adminOnly(_parent, _args, { principal }) {
      if (!principal.roles.has('admin')) throw codedError('FORBIDDEN', 'This needs the role admin.');
      return 'for administrators';
    },
    fails() {
      throw new Error('the password is 1234');
    },
  });
  on(schema, 'Query', {
    hello: () => 'world',
    me: (_parent, _args, { principal }) => principal.email,
    self: () => ({}),
    tables: () => [],
    fails() {
      throw new Error('the password is 1234');
    },
  });
  on(schema, 'Mutation', { say: (_parent, { word }) => word });
}

type Resolve = (parent: unknown, args: Record<string, string>, context: StageContext) => unknown;

function on(
  schema: GraphQLSchema,
  typeName: string,
  fields: Record<string, Resolve | { resolve: Resolve; extensions: Record<string, unknown> }>,
): void {
  const type = schema.getType(typeName);
  for (const [name, given] of Object.entries(fields)) {
    const field = type && 'getFields' in type ? type.getFields()[name] : undefined;
    if (!field || !('resolve' in field)) throw new Error(`There is no field ${typeName}.${name}.`);
    field.resolve = typeof given === 'function' ? given : given.resolve;
    if (typeof given !== 'function') field.extensions = given.extensions;
  }
}

function refusal(field: GraphQLField<unknown, unknown>, principal: Principal): GraphQLError | null {
  const role = String(field.extensions['role']);
  return principal.roles.has(role) ? null : codedError('FORBIDDEN', `This needs the role ${role}.`);
}

/** What is not meant for callers becomes one sentence. */
function maskError(error: GraphQLError): GraphQLError {
  if (!error.originalError || error.originalError instanceof GraphQLError) return error;
  return new GraphQLError('Unexpected error.', {
    path: error.path,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });
}

/** Executes a query or mutation on the stage, masked. */
export async function executeOnStage(
  stage: Stage,
  { document, variables, principal }: Pick<OperationToExecute, 'document' | 'variables' | 'principal'>,
): Promise<ExecutionResult> {
  const result = await execute({
    schema: stage.schema,
    document,
    variableValues: variables,
    contextValue: { principal },
  });
  return result.errors ? { ...result, errors: result.errors.map(maskError) } : result;
}
