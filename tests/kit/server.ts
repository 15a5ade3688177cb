import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Connector } from '../../connectors/contract.ts';
import type { AuditAction } from '../../src/audit/audit-action.ts';
import { addRoleGrant } from '../../src/access/add-role-grant.ts';
import { systemPrincipal } from '../../src/identity/authenticate.ts';
import { openSession } from '../../src/identity/open-session.ts';
import type { GoogleEndpoints } from '../../src/identity/providers/google.ts';
import { newTokenSecret, notNarrowed } from '../../src/identity/token.ts';
import { insertToken } from '../../src/identity/token.store.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { readConfig } from '../../src/kernel/config.ts';
import { newId } from '../../src/kernel/ids.ts';
import { createLog } from '../../src/kernel/log.ts';
import { runOperation, type Operation } from '../../src/operation/define-operation.ts';
import { addUser } from '../../src/people/add-user.ts';
import { createSource } from '../../src/registry/create-source.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import type { Table } from '../../src/registry/table.ts';
import { startServer, type RunningServer } from '../../src/server/start-server.ts';
import { startSync } from '../../src/sync/start-sync.ts';

/** A user of a test with both kinds of credential. */
export interface TestPerson {
  readonly id: string;
  readonly email: string;
  /** The secret of a personal access token. */
  readonly token: string;
  /** The value of a session cookie. */
  readonly session: string;
}

/** A real server on a free port over a folder of its own. */
export interface TestServer extends RunningServer {
  readonly dataDir: string;
  /** The folder of the source `shop`; write files here and call `registerFile`. */
  readonly files: string;
  /** A new active user who holds these roles directly. */
  person(name: string, roles: readonly string[]): Promise<TestPerson>;
  /** Runs an operation as Agnes itself. */
  run<Raw, Input, Prepared, Result, Event extends AuditAction>(
    operation: Operation<Raw, Input, Prepared, Result, Event>,
    input: NoInfer<Raw>,
  ): Promise<Result>;
  /** Writes `content` as `<name>.csv` and registers it as the table `shop.<name>`, private. */
  registerFile(name: string, content: string): Promise<Table>;
  /** Makes the user inactive and nothing else: the credentials stay stored. */
  deactivate(person: Pick<TestPerson, 'id' | 'email'>): Promise<void>;
  /** Runs a sync of `shop` to its end. */
  sync(): Promise<void>;
  /** Stops the server and keeps its folder, for another start over it. */
  stop(): Promise<void>;
  /** Stops the server and starts another over the same folder; later uses mean the new one. */
  restart(): Promise<TestServer>;
}

export interface TestServerOptions {
  /** What the configuration reads besides the folder and the port. */
  environment?: Record<string, string>;
  dataDir?: string;
  clock?: Clock;
  /** Where Google is; where it always is unless given. */
  google?: GoogleEndpoints;
  /** Connectors besides those that Agnes has. */
  connectors?: readonly Connector[];
}

/** Starts a server. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? realpathSync(mkdtempSync(join(tmpdir(), 'agnes-server-')));
  const files = join(dataDir, 'files');
  mkdirSync(files, { recursive: true });
  const config = readConfig({
    DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'silent',
    FILES_ALLOWED_ROOTS: files,
    ...options.environment,
  });
  const server = await startServer({
    config,
    log: createLog(config.logLevel),
    clock: options.clock,
    google: options.google,
    moreConnectors: options.connectors,
  });
  const { services, syncRunner } = server.open;
  const test: TestServer = {
    ...server,
    dataDir,
    files,
    person: (name, roles) => makePerson(server, { name, roles }),
    run: (operation, input) =>
      runOperation(operation, { input, caller: { principal: systemPrincipal, requestId: 'test' }, services }),
    async registerFile(name, content) {
      const path = join(files, `${name}.csv`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      if (!services.registry.sourceByName('shop')) {
        await test.run(createSource, { name: 'shop', connector: 'files', config: { folder: files } });
      }
      return test.run(registerTable, { source: 'shop', name, options: { path: `${name}.csv` } });
    },
    deactivate: ({ id, email }) =>
      services.store.write(async (tx) => {
        await tx.db.updateTable('users').set({ active: false }).where('id', '=', id).execute();
        tx.emit('user', { op: 'put', row: { id, email, active: false } });
      }),
    async sync() {
      await test.run(startSync, { source: 'shop' });
      await syncRunner.idle();
    },
    stop: () => server.close(),
    async restart() {
      await server.close();
      return startTestServer({ ...options, dataDir });
    },
    async close() {
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return test;
}

async function makePerson(
  server: RunningServer,
  given: { name: string; roles: readonly string[] },
): Promise<TestPerson> {
  const email = `${given.name}@example.com`;
  const token = newTokenSecret();
  return server.open.services.store.write(async (tx) => {
    const user = await addUser(tx, { email, name: given.name });
    for (const roleKey of given.roles) {
      await addRoleGrant(tx, { userId: user.id, roleKey, source: 'system', grantedBy: 'test' });
    }
    const stored = { id: newId(), userId: user.id, name: 'test', prefix: token.prefix, createdAt: tx.at };
    await insertToken(
      tx,
      { ...stored, expiresAt: null, revokedAt: null, lastUsedAt: null, lastUsedAddress: null, narrowing: notNarrowed },
      token.secretHash,
    );
    const { secret } = await openSession(tx, { userId: user.id, door: 'password', device: null, address: null });
    return { id: user.id, email, token: token.secret, session: secret };
  });
}

/** What a request shows: a token, a session (with the page's own origin), or nothing. */
export type Shown = { token: string } | { session: string } | null;

/** A GraphQL answer as it came. */
export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
  readonly errors: { message: string; path?: string[]; extensions: Record<string, unknown> }[] | undefined;
}

/** Sends one operation over HTTP. */
export async function ask(
  server: Pick<RunningServer, 'url'>,
  given: { as: Shown; query: string; variables?: Record<string, unknown>; headers?: Record<string, string> },
): Promise<Answer> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...credentialHeaders(server.url, given.as), ...given.headers },
    body: JSON.stringify({ query: given.query, variables: given.variables }),
  });
  const body = (await response.json()) as Omit<Answer, 'status'>;
  return { status: response.status, data: body.data, errors: body.errors };
}

/** The headers that show a credential. */
export function credentialHeaders(url: string, shown: Shown): Record<string, string> {
  if (shown === null) return {};
  if ('token' in shown) return { Authorization: `Bearer ${shown.token}` };
  return { Cookie: `agnes=${shown.session}`, Origin: url };
}

/** A graphql-ws client that shows this credential and never connects again by itself. */
export function connectSocket(
  server: Pick<RunningServer, 'url'>,
  shown: Shown,
  headers?: Record<string, string>,
): Client {
  const { Authorization: authorization, ...shownHeaders } = credentialHeaders(server.url, shown);
  class SocketWithHeaders extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers: { ...shownHeaders, ...headers } });
    }
  }
  return createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: SocketWithHeaders,
    retryAttempts: 0,
    connectionParams: authorization === undefined ? undefined : { authorization },
  });
}
