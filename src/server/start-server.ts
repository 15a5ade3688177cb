import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import type { Connector } from '../../connectors/contract.ts';
import { connectors } from '../../connectors/index.generated.ts';
import type { GoogleEndpoints } from '../identity/providers/google.ts';
import { systemClock, type Clock } from '../kernel/clock.ts';
import type { Config } from '../kernel/config.ts';
import type { Log } from '../kernel/log.ts';
import { packageRoot } from '../kernel/package-root.ts';
import { seedAdmin } from '../identity/seed-admin.ts';
import { withForeignConnectors } from './foreign-connectors.ts';
import { setDevelopmentGroups } from '../people/set-development-groups.ts';
import { openCliFiles, type CliFiles } from './cli-files.ts';
import { trustedProxies } from './client-address.ts';
import { createGraphiql } from './graphiql.ts';
import { createGraphqlEndpoint } from './graphql-endpoint.ts';
import { handleRequest } from './http.ts';
import { type Instance } from './instance.ts';
import { listen } from './listen.ts';
import { openHub } from './open-hub.ts';
import { openSockets } from './open-sockets.ts';
import { openServices, type OpenServices } from './services.ts';
import { version } from './version.ts';
import { openWebFiles, type WebFiles } from './web-files.ts';

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
  /** Where Google is; only tests have another. */
  readonly google?: GoogleEndpoints;
  /** Connectors besides those of `connectors/`. */
  readonly moreConnectors?: readonly Connector[];
  /** Shown in GraphiQL before anything is typed. */
  readonly defaultQuery?: string;
  /** Take the next free port when the configured one is taken. */
  readonly nextFreePort?: boolean;
  /** Called once when the state database has failed for good: the process must end and be started again. */
  readonly onFatal?: (error: Error) => void;
}

const defaultQuery = `query Tables {
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
    connectors: [...(await withForeignConnectors(connectors, config.connectorsDir)), ...(options.moreConnectors ?? [])],
    clock: options.clock ?? systemClock,
    google: options.google,
    log,
    onFatal: options.onFatal,
  });
  try {
    await seedAdmin(open.services, config.seedAdmin);
    await setDevelopmentGroups(open.services.store, developmentUserOf(config));
    const web = await openWebFiles(join(packageRoot, 'dist/web'));
    const server = createServer();
    const port = await listen(server, { ...config, nextFreePort: options.nextFreePort ?? false });
    const instance = describeInstance(open, { config, log, port });
    const cli = await openCliFiles(join(packageRoot, 'dist/cli'), instance.facts);
    const query = options.defaultQuery ?? defaultQuery;
    const closeDoors = openDoors(server, { open, instance, cli, web, query, dataDir: config.dataDir });
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

/** Whom development mode signs everybody in as, and the groups of that user. */
function developmentUserOf(config: Config): { email: string | null; groups: Config['developmentGroups'] } {
  return { email: config.developmentMode ? config.developmentUserEmail : null, groups: config.developmentGroups };
}

function describeInstance(open: OpenServices, given: { config: Config; log: Log; port: number }): Instance {
  const { config, log, port } = given;
  const host = config.host.includes(':') ? `[${config.host.replaceAll(/[[\]]/g, '')}]` : config.host;
  const loopbackOrigins = ['localhost', '127.0.0.1', '[::1]'].map((name) => `http://${name}:${port}`);
  const publicUrl = config.publicUrl ?? `http://${host}:${port}`;
  return {
    services: open.services,
    log,
    publicUrl,
    trustedProxies: trustedProxies(config.trustedProxies),
    corsOrigins: [...config.corsOrigins, ...(config.developmentMode ? loopbackOrigins : [])],
    developmentEmail: config.developmentMode ? config.developmentUserEmail : null,
    facts: { version, developmentMode: config.developmentMode, publicUrl },
  };
}

/** Serves every door on `server` from this call on, without a moment in between; returns how to close them. */
function openDoors(
  server: Server,
  given: { open: OpenServices; instance: Instance; cli: CliFiles; web: WebFiles; query: string; dataDir: string },
): () => Promise<void> {
  const { instance, cli, web } = given;
  let ready = true;
  const hub = openHub(instance);
  const sockets = openSockets(instance, hub);
  const doors = {
    instance,
    exports: { services: given.open.services, exportRunner: given.open.exportRunner },
    uploads: { instance, keeper: given.open.uploadKeeper },
    backup: { instance, dataDir: given.dataDir },
    graphql: createGraphqlEndpoint(instance, hub),
    graphiql: createGraphiql({ defaultQuery: given.query, log: instance.log }),
    cli,
    web,
    ready: () => ready,
  };
  server.on('request', (request: IncomingMessage, response) => void handleRequest(doors, request, response));
  server.on('upgrade', (request, socket, head) => {
    if (!sockets.handleUpgrade(request, socket, head)) socket.destroy();
  });
  return async () => {
    ready = false;
    // Sockets first: a client whose subscription is completed would not come again.
    const socketsClosed = sockets.close();
    hub.close();
    await socketsClosed;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
}
