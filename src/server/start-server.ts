import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import { connectors } from '../../connectors/index.generated.ts';
import { createContext, type Context } from '../../schema/context.ts';
import { asGraphQLError } from '../../schema/rules.ts';
import { schema } from '../../schema/schema.ts';
import { systemClock, type Clock } from '../kernel/clock.ts';
import type { Config } from '../kernel/config.ts';
import { Failure } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { packageRoot } from '../kernel/package-root.ts';
import type { Principal } from '../operation/principal.ts';
import { demand } from '../operation/rule.ts';
import { TopicBus } from './event-bus.ts';
import { executeWithinTime } from './execute.ts';
import { createGraphiql } from './graphiql.ts';
import { createGraphqlEndpoint } from './graphql-endpoint.ts';
import { handleRequest } from './http.ts';
import { principalOfPresented, type Instance } from './instance.ts';
import { listen } from './listen.ts';
import { maskError } from './mask-error.ts';
import { openServices, type OpenServices } from './services.ts';
import { SubscriptionHub } from './subscription-hub.ts';
import { version } from './version.ts';
import { openWebFiles } from './web-files.ts';
import { createWebSocketDoor, webSocketLimits } from './websocket.ts';

/** A running server. */
export interface RunningServer {
  readonly url: string;
  readonly open: OpenServices;
  /** Takes no more requests, ends sockets and runs, and closes the state. */
  close(): Promise<void>;
}

export interface StartOptions {
  readonly config: Config;
  readonly log: Log;
  readonly clock?: Clock;
  /** Shown in GraphiQL before anything is typed. */
  readonly defaultQuery?: string;
  /** Take the next free port when the configured one is taken. */
  readonly nextFreePort?: boolean;
  /** Called once when the state database has failed for good: the process must end and be started again. */
  readonly onFatal?: (error: Error) => void;
}

const defaultQuery = `{
  viewer {
    email
    effectiveRoles { role { key } }
  }
  tables(first: 10) {
    totalCount
    edges { node { sqlName syncState { status rows } } }
  }
}
`;

/** Opens the state, listens, and serves every door. Throws a sentence for the operator when it cannot start. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config, log } = options;
  const open = await openServices({
    ...config,
    connectors,
    clock: options.clock ?? systemClock,
    log,
    onFatal: options.onFatal,
  });
  try {
    const server = createServer();
    const port = await listen(server, { ...config, nextFreePort: options.nextFreePort ?? false });
    const instance = describeInstance(open, { config, log, port });
    const closeDoors = await openDoors(server, { instance, query: options.defaultQuery ?? defaultQuery });
    return {
      url: instance.publicUrl,
      open,
      async close() {
        await closeDoors();
        await open.close();
      },
    };
  } catch (error) {
    await open.close();
    throw error;
  }
}

function describeInstance(open: OpenServices, given: { config: Config; log: Log; port: number }): Instance {
  const { config, log, port } = given;
  const host = config.host.includes(':') ? `[${config.host.replaceAll(/[[\]]/g, '')}]` : config.host;
  const loopbackOrigins = ['localhost', '127.0.0.1', '[::1]'].map((name) => `http://${name}:${port}`);
  return {
    services: open.services,
    log,
    publicUrl: config.publicUrl ?? `http://${host}:${port}`,
    corsOrigins: [...config.corsOrigins, ...(config.developmentMode ? loopbackOrigins : [])],
    developmentEmail: config.developmentMode ? config.developmentUserEmail : null,
    facts: { name: 'Agnes', version, developmentMode: config.developmentMode },
  };
}

async function openDoors(server: Server, given: { instance: Instance; query: string }): Promise<() => Promise<void>> {
  const { instance } = given;
  let ready = true;
  const hub = openHub(instance);
  const sockets = createWebSocketDoor({
    ...instance,
    schema,
    hub,
    developmentMode: instance.developmentEmail !== null,
    limits: webSocketLimits,
    authenticate: async (presented) => authenticateSocket(instance, presented),
    principalOf: (credential) => instance.services.currentPrincipal(credential as Principal),
    execute: async ({ document, operation, variables, principal, signal }) => {
      const requestId = randomUUID();
      const contextValue = createContext({
        principal,
        requestId,
        signal,
        services: instance.services,
        instance: instance.facts,
      });
      const operationName = operation.name?.value;
      const result = await executeWithinTime({
        schema,
        document,
        operationName,
        variableValues: variables,
        contextValue,
      });
      return { ...result, errors: result.errors?.map((error) => maskError(error, { requestId, log: instance.log })) };
    },
  });
  const doors = {
    instance,
    graphql: createGraphqlEndpoint(instance, hub),
    graphiql: createGraphiql({ defaultQuery: given.query, log: instance.log }),
    web: await openWebFiles(join(packageRoot, 'dist/web')),
    ready: () => ready,
  };
  server.on('request', (request: IncomingMessage, response) => void handleRequest(doors, request, response));
  server.on('upgrade', (request, socket, head) => {
    if (!sockets.handleUpgrade(request, socket, head)) socket.destroy();
  });
  return async () => {
    ready = false;
    hub.close();
    await sockets.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
}

/** The topics of changes that may alter who somebody is or what they may see. */
const accessTopics: ReadonlySet<string> = new Set(['user', 'role', 'roleGrant', 'table', 'tableGrant', 'credential']);

function openHub(instance: Instance): SubscriptionHub {
  const { services } = instance;
  const bus = new TopicBus();
  const watchers = new Set<() => void>();
  services.store.onCommit((events) => {
    if (events.some(({ topic }) => accessTopics.has(topic))) for (const watcher of watchers) watcher();
    bus.publish(events);
  });
  return new SubscriptionHub({
    schema,
    bus,
    principalOf: (credential) => services.currentPrincipal(credential as Principal),
    accessKey: (principal, personal) => {
      const parts = [services.tableAccess.readableSet(principal).key, [...principal.roles].toSorted().join()];
      return personal ? [...parts, principal.userId].join('|') : parts.join('|');
    },
    onAccessChange: (listener) => {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    contextFor: (principal): Context =>
      createContext({ principal, requestId: randomUUID(), services, instance: instance.facts }),
    refusal: (field, principal) => {
      try {
        demand(field.extensions.rule ?? { role: 'core.admin' }, principal);
        return null;
      } catch (error) {
        return asGraphQLError(error as Failure);
      }
    },
    maskError: (error) => maskError(error, { requestId: randomUUID(), log: instance.log }),
  });
}

function authenticateSocket(
  instance: Instance,
  presented: Parameters<typeof principalOfPresented>[1],
): Principal | null {
  try {
    return principalOfPresented(instance, presented);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
