import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { administratorRoles, type World } from './world.ts';

interface TablesArguments {
  first: number;
  after: string | null;
  search: string | null;
}

interface SetupArguments {
  input: { secret: string; email: string; name: string; password: string };
}

/** The published schema over a world in memory: the rules, the result unions and the events as the server has them. */
export function makeStandInSchema(world: World) {
  return createSchema({
    typeDefs: readFileSync('schema/schema.graphql', 'utf8'),
    resolvers: {
      Query: {
        instance: () => unlessBroken('instance', world, world.instance),
        viewer: () => describeViewer(world),
        accessMatrix: () => [
          { field: 'Query.tables', rule: 'core.viewer', roles: administratorRoles },
          { field: 'Query.sources', rule: 'core.admin', roles: ['core.admin'] },
          { field: 'Mutation.startSync', rule: 'core.admin', roles: ['core.admin'] },
        ],
        tables: (_: unknown, { first, after, search }: TablesArguments) => {
          requireRole('core.viewer', world);
          const found = world.tables.filter(({ sqlName }) => sqlName.includes(search ?? ''));
          const start = after === null ? 0 : Number(after);
          const edges = found
            .slice(start, start + first)
            .map((node, index) => ({ cursor: String(start + index + 1), node }));
          const pageInfo = {
            hasNextPage: start + first < found.length,
            hasPreviousPage: start > 0,
            endCursor: edges.at(-1)?.cursor,
          };
          return unlessBroken('tables', world, { edges, pageInfo });
        },
        sources: () => {
          requireRole('core.admin', world);
          return unlessBroken(
            'sources',
            world,
            world.sources.map((source) => describeSource(source, world)),
          );
        },
      },
      Mutation: {
        completeSetup: (_: unknown, { input }: SetupArguments) => completeSetup(input, world),
        startSync: (_: unknown, { input }: { input: { source: string } }) => {
          requireRole('core.admin', world);
          if (world.runningSources.has(input.source)) {
            return refuse('ConflictError', `A sync of ${input.source} is running already. Wait until it ends.`);
          }
          world.startRun(input.source);
          return { __typename: 'StartSyncPayload' };
        },
      },
      Subscription: {
        syncEvents: {
          subscribe: () => {
            requireRole('core.viewer', world);
            return world.subscribe();
          },
          resolve: (event: unknown) => event,
        },
      },
    },
  });
}

function describeViewer({ viewer }: World) {
  if (!viewer) return null;
  const [first] = viewer.roles;
  return {
    id: 'user-1',
    email: viewer.email,
    coreRole: first ? { key: first, displayName: first === 'core.admin' ? 'Administrator' : 'Viewer' } : null,
    effectiveRoles: viewer.roles.map((key) => ({ role: { key } })),
  };
}

function describeSource(source: { name: string; connector: string }, { tables }: World) {
  return { id: source.name, ...source, tables: tables.filter((table) => table.source === source.name) };
}

function completeSetup({ secret, email, password }: SetupArguments['input'], world: World) {
  if (!world.instance.setupNeeded || secret !== world.setupSecret) {
    return refuse('NotFoundError', "This setup link is not valid any more. Take the newest one from the server's log.");
  }
  if (password.includes('password')) {
    const fields = [{ path: 'password', message: 'This password is too easy to guess.' }];
    return { ...refuse('InvalidInputError', 'password: too easy'), fields };
  }
  world.instance.setupNeeded = false;
  world.viewer = { email, roles: administratorRoles };
  return { __typename: 'CompleteSetupPayload' };
}

function refuse(kind: string, message: string) {
  return { __typename: kind, code: kind, message };
}

function requireRole(role: string, { viewer }: World): void {
  if (!viewer) throw new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } });
  if (viewer.roles.includes(role)) return;
  throw new GraphQLError(`This needs the role ${role}.`, { extensions: { code: 'FORBIDDEN', requiredRole: role } });
}

function unlessBroken<Answer>(field: string, { broken }: World, answer: Answer): Answer {
  if (!broken.has(field)) return answer;
  throw new GraphQLError('Something went wrong on the server (request 0f3a).', {
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });
}
