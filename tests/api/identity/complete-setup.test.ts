import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { createSetupSecret } from '../../../src/identity/setup.ts';
import { packageRoot } from '../../../src/kernel/package-root.ts';
import { listUsers } from '../../../src/people/read-users.ts';
import { ask, startTestServer, type TestServer } from '../../kit/server.ts';

const password = 'correct horse battery staple';
const mutation = `mutation ($input: CompleteSetupInput!) { completeSetup(input: $input) {
  __typename
  ... on CompleteSetupPayload { email }
  ... on Error { code message }
  ... on InvalidInputError { fields { path message } }
} }`;

interface SetupAnswer {
  readonly result: Record<string, unknown>;
  readonly cookie: string | null;
}

async function complete(url: string, input: Record<string, unknown>): Promise<SetupAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: mutation, variables: { input: { password, ...input } } }),
  });
  const { data } = (await response.json()) as { data: { completeSetup: Record<string, unknown> } };
  return { result: data.completeSetup, cookie: response.headers.get('set-cookie') };
}

describe('setup', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startTestServer();
  });

  afterEach(() => server.close());

  function users() {
    return listUsers(server.open.services, { limit: 100, order: 'email' });
  }

  test('makes the first administrator, signs them in, and closes for good, other secrets too', async () => {
    const { services } = server.open;
    const [first, second] = [await createSetupSecret(services), await createSetupSecret(services)];
    expect((await ask(server, { as: null, query: '{ instance { setupNeeded } }' })).data.instance.setupNeeded).toBe(
      true,
    );
    const { result, cookie } = await complete(server.url, { secret: first, email: ' Ada@Example.com ', name: 'Ada' });
    expect(result).toEqual({ __typename: 'CompleteSetupPayload', email: 'ada@example.com' });
    expect(cookie).toMatch(/^agnes=[\w-]{43}; Path=\/; Max-Age=77[67]\d{4}; HttpOnly; SameSite=Lax$/);
    const session = /^agnes=([^;]+)/.exec(cookie ?? '')?.[1] ?? '';
    const query = '{ viewer { email coreRole { key } credential { kind } } users { edges { node { email } } } }';
    expect((await ask(server, { as: { session }, query })).data).toEqual({
      viewer: { email: 'ada@example.com', coreRole: { key: 'core.admin' }, credential: { kind: 'SESSION' } },
      users: { edges: [{ node: { email: 'ada@example.com' } }] },
    });
    for (const secret of [first, second]) {
      const again = await complete(server.url, { secret, email: 'eve@example.com' });
      expect([again.result['code'], again.cookie]).toEqual(['SETUP_CLOSED', null]);
    }
    expect(await users()).toHaveLength(1);
    expect((await ask(server, { as: null, query: '{ instance { setupNeeded } }' })).data.instance.setupNeeded).toBe(
      false,
    );
    const [event, ...others] = await listAuditEvents(services.store, { limit: 10 });
    expect(others).toEqual([]);
    expect(event).toMatchObject({ action: 'instance.setUp', actor: 'ada@example.com', credential: 'none' });
  });

  test('stays closed after a restart, for a secret made before it', async () => {
    const secret = await createSetupSecret(server.open.services);
    const spare = await createSetupSecret(server.open.services);
    await complete(server.url, { secret, email: 'ada@example.com' });
    server = await server.restart();
    const { result } = await complete(server.url, { secret: spare, email: 'eve@example.com' });
    expect(result['code']).toBe('SETUP_CLOSED');
  });

  test('a link opens nothing while there is an administrator, with a password or without; one that was used never again', async () => {
    const { services } = server.open;
    const secret = await createSetupSecret(services);
    const setUp = (given: string, email = 'eve@example.com') => complete(server.url, { secret: given, email });
    const ada = await server.person('ada', ['core.admin']);
    expect((await setUp(secret)).result['code']).toBe('SETUP_CLOSED');
    await server.deactivate(ada);
    expect((await setUp(secret, 'bob@example.com')).cookie).not.toBeNull();
    const bob = services.accessIndex.userByEmail('bob@example.com')!;
    const unused = await createSetupSecret(services);
    expect((await setUp(unused)).result['code']).toBe('SETUP_CLOSED');
    // As when somebody changes the state by hand: the printed link may still stand in a log.
    await server.deactivate(bob);
    expect((await setUp(secret)).result['code']).toBe('SETUP_CLOSED');
    expect((await setUp(unused)).cookie).not.toBeNull();
  });

  test('with a wrong secret is closed, no user is made, and who guesses has to wait', async () => {
    await createSetupSecret(server.open.services);
    for (const secret of ['', 'wrong', 'x'.repeat(200)]) {
      const { result, cookie } = await complete(server.url, { secret, email: 'eve@example.com' });
      expect([result['__typename'], result['code'], cookie]).toEqual(['SetupClosedError', 'SETUP_CLOSED', null]);
    }
    const codes = new Set<unknown>();
    for (let guess = 0; guess < 25; guess += 1) {
      codes.add((await complete(server.url, { secret: `guess ${guess}`, email: 'eve@example.com' })).result['code']);
    }
    expect([...codes]).toEqual(['SETUP_CLOSED', 'TOO_MANY_ATTEMPTS']);
    expect(await users()).toEqual([]);
    expect(await listAuditEvents(server.open.services.store, { limit: 10 })).toEqual([]);
  });

  test('tells every fault of the input and uses the secret up only when it succeeds', async () => {
    const secret = await createSetupSecret(server.open.services);
    const { result } = await complete(server.url, { secret, email: 'no address', name: ' ', password: 'short' });
    expect(result['fields']).toEqual([
      { path: 'email', message: 'This is not an e-mail address.' },
      { path: 'name', message: 'A name cannot be empty; leave it out, or give null.' },
      { path: 'password', message: 'A password has at least 12 characters.' },
    ]);
    const good = await complete(server.url, { secret, email: 'ada@example.com' });
    expect(good.result['__typename']).toBe('CompleteSetupPayload');
  });

  test('twice at the same instant makes exactly one administrator', async () => {
    const { services } = server.open;
    const secrets = [await createSetupSecret(services), await createSetupSecret(services)];
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, number) =>
        complete(server.url, { secret: secrets[number % 2], email: `admin${number}@example.com` }),
      ),
    );
    const types = answers.map(({ result }) => result['__typename']);
    expect(types.filter((type) => type === 'CompleteSetupPayload')).toHaveLength(1);
    expect(types.filter((type) => type === 'SetupClosedError')).toHaveLength(5);
    expect(answers.filter(({ cookie }) => cookie !== null)).toHaveLength(1);
    expect(await users()).toHaveLength(1);
  });

  test('has a page: `/setup` serves the app', async () => {
    const [page, start] = await Promise.all([fetch(`${server.url}/setup`), fetch(server.url)]);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toBe(await start.text());
  });
});

test('the program prints a setup link while nobody administers it, and the link works, in whatever time zone', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'agnes-setup-'));
  // The predecessor stored local time and read it as UTC: elsewhere links had ended when they were made.
  const environment = { ...process.env, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent', TZ: 'America/Los_Angeles' };
  const program = spawn(process.execPath, [join(packageRoot, 'dist/server.js')], { env: environment });
  try {
    const [, url = '', secret = ''] = await printedLink(program.stdout);
    const began = Date.now();
    const { result, cookie } = await complete(url, { secret, email: 'ada@example.com' });
    expect(result).toEqual({ __typename: 'CompleteSetupPayload', email: 'ada@example.com' });
    const session = /^agnes=([^;]+)/.exec(cookie ?? '')?.[1] ?? '';
    const query = '{ viewer { sessions { createdAt } } auditEvents { edges { node { at } } } }';
    const { viewer, auditEvents } = (await ask({ url }, { as: { session }, query })).data;
    for (const { createdAt: at } of [...viewer.sessions, { createdAt: auditEvents.edges[0].node.at }]) {
      expect(Math.abs(Date.parse(at as string) - began)).toBeLessThan(3_600_000);
    }
  } finally {
    program.kill();
    await once(program, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  }
});

async function printedLink(output: NodeJS.ReadableStream): Promise<readonly string[]> {
  let text = '';
  for await (const chunk of output) {
    text += String(chunk);
    const link = /(http:\/\/\S+)\/setup#(\S+)\n/.exec(text);
    if (link) return link;
  }
  throw new Error(`No link was printed: ${text}`);
}
