import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openServer, type OpenServer } from './open-server.ts';
import { ask, listen, socketClient, until } from './socket-client.ts';
import { createStage, type Stage } from './stage.ts';

const events = 'subscription { tableEvents { number readable } }';

let stage: Stage;
let server: OpenServer;

beforeEach(async () => {
  stage = createStage();
  stage.rights.add('ana', { tables: ['orders', 'salaries'] });
  stage.rights.add('ben', { tables: ['orders'] });
  stage.rights.add('developer', { tables: ['orders'] });
  server = await openServer(stage, { webSocket: { unsentBytes: 256 * 1024 } });
});

afterEach(() => server.close());

function as(name: string) {
  return socketClient(server, { token: `token-${name}` });
}

/** A plain socket that speaks the subprotocol by hand. */
async function plainSocket(headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${server.host}/graphql`, 'graphql-transport-ws', { headers });
  await once(socket, 'open');
  return socket;
}

async function closeOf(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = await once(socket, 'close');
  return { code, reason: String(reason) };
}

describe('subscriptions', () => {
  test('two with different rights get different results, with one execution for each', async () => {
    const [ana, ben, alsoBen] = [as('ana'), as('ben'), as('ben')].map((client) => listen(client, events));
    await until(() => stage.hub.memberCount === 3);
    stage.emit({ table: 'orders' });
    await until(() => [ana, ben, alsoBen].every((listener) => listener?.results.length === 1));
    expect(ana?.results).toEqual([{ data: { tableEvents: { number: 1, readable: ['orders', 'salaries'] } } }]);
    expect(ben?.results).toEqual([{ data: { tableEvents: { number: 1, readable: ['orders'] } } }]);
    expect(alsoBen?.results).toEqual(ben?.results);
    expect(stage.hub.executionCount).toBe(2);
    for (const listener of [ana, ben, alsoBen]) listener?.stop();
    await until(() => stage.hub.memberCount === 0);
  });

  test('one socket carries several, each with results of its own', async () => {
    const client = as('ana');
    const all = listen(client, events);
    const some = listen(client, 'subscription ($t: [ID!]) { tableEvents(tables: $t) { table } }', { t: ['salaries'] });
    await until(() => stage.hub.memberCount === 2);
    stage.emit({ table: 'orders' });
    stage.emit({ table: 'salaries' });
    await until(() => all.results.length === 2 && some.results.length === 1);
    expect(some.results).toEqual([{ data: { tableEvents: { table: 'salaries' } } }]);
    some.stop();
    await until(() => stage.hub.memberCount === 1);
    await client.dispose();
    await until(() => stage.hub.memberCount === 0);
  });

  test('text beyond ASCII arrives as it is', async () => {
    const ana = listen(as('ana'), 'subscription { tableEvents { text } }');
    await until(() => stage.hub.memberCount === 1);
    stage.emit({ table: 'orders', text: 'příliš žluťoučký "kůň" 🐎\n' });
    await until(() => ana.results.length === 1);
    expect(ana.results).toEqual([{ data: { tableEvents: { text: 'příliš žluťoučký "kůň" 🐎\n' } } }]);
  });

  test('after a right was taken away, the socket is handed nothing that it forbids', async () => {
    let open = () => {};
    const closed = new Promise<void>((resolve) => (open = resolve));
    stage.pause = () => closed;
    const [ana, ben] = [listen(as('ana'), events), listen(as('ben'), events)];
    await until(() => stage.hub.memberCount === 2);
    stage.emit({ table: 'salaries' });
    stage.emit({ table: 'orders' });
    await until(() => stage.hub.executionCount === 1);
    stage.rights.change('ana', ({ tables }) => tables.delete('salaries'));
    open();
    await until(() => ana.results.length === 1 && ben.results.length === 1);
    expect(ana.results).toEqual([{ data: { tableEvents: { number: 2, readable: ['orders'] } } }]);
    expect(ben.results).toEqual(ana.results);
  });

  test('a revoked token ends them with an error, and starts no more on the same socket', async () => {
    const client = as('ana');
    const ana = listen(client, events);
    await until(() => stage.hub.memberCount === 1);
    stage.rights.revokeToken('ana');
    expect(await ana.ended).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    await expect(ask(client, '{ hello }')).rejects.toBeDefined();
  });

  test('without the role of the field they are refused', async () => {
    const ana = listen(as('ana'), 'subscription { adminEvents { number } }');
    expect(await ana.ended).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('unexpected errors are masked as in every answer', async () => {
    const ana = listen(as('ana'), 'subscription { tableEvents { number fails } }');
    await until(() => stage.hub.memberCount === 1);
    stage.emit({ table: 'orders' });
    await until(() => ana.results.length === 1);
    expect(JSON.stringify(ana.results)).not.toContain('1234');
    expect(ana.results[0]?.errors).toMatchObject([
      { message: 'Unexpected error.', path: ['tableEvents', 'fails'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
  });

  test('the server ends them without a fault when it stops', async () => {
    const ana = listen(as('ana'), events);
    await until(() => stage.hub.memberCount === 1);
    stage.hub.close();
    expect(await ana.ended).toBe('complete');
  });
});

describe('queries and mutations', () => {
  test('are executed as the one who sent the token', async () => {
    const client = as('ben');
    expect(await ask(client, '{ hello me }')).toEqual({ data: { hello: 'world', me: 'ben@example.com' } });
    expect(await ask(client, 'mutation ($w: String!) { say(word: $w) }', { w: 'hi' })).toEqual({ data: { say: 'hi' } });
  });

  test('unexpected errors are masked', async () => {
    const answer = await ask(as('ben'), '{ fails }');
    expect(JSON.stringify(answer)).not.toContain('1234');
    expect(answer.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  });

  test.each([
    ['DEPTH_LIMIT', `{ ${'self { '.repeat(15)} hello ${'}'.repeat(16)}`],
    ['ALIAS_LIMIT', `{ self { ${Array.from({ length: 31 }, (_, n) => `a${n}: hello`).join(' ')} } }`],
    ['TOKEN_LIMIT', `{ ${'hello '.repeat(2_001)} }`],
    ['GRAPHQL_PARSE_FAILED', '{ hello'],
    ['GRAPHQL_VALIDATION_FAILED', '{ nothing }'],
  ])('%s is told in the same way over a socket, over HTTP and over an event stream', async (code, query) => {
    const refused = [{ message: expect.any(String), extensions: { code } }];
    await expect(ask(as('ben'), query)).rejects.toMatchObject(refused);
    await expect(ask(as('ben'), query.replace('{', 'subscription {'))).rejects.toMatchObject(refused);
    for (const accept of ['application/json', 'text/event-stream']) {
      const response = await fetch(`http://${server.host}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: accept, Authorization: 'Bearer token-ben' },
        body: JSON.stringify({ query }),
      });
      const [json] = /\{.*\}/.exec(await response.text()) ?? [];
      expect(JSON.parse(json ?? '').errors).toMatchObject(refused);
    }
  });

  test('more operations at a time than allowed are refused, and others start again when some have ended', async () => {
    const client = as('ben');
    const many = Array.from({ length: 100 }, () => listen(client, events));
    await until(() => stage.hub.memberCount === 100);
    await expect(ask(client, '{ hello }')).rejects.toMatchObject([{ extensions: { code: 'TOO_MANY_OPERATIONS' } }]);
    many[0]?.stop();
    await until(() => stage.hub.memberCount === 99);
    expect(await ask(client, '{ hello }')).toEqual({ data: { hello: 'world' } });
  });
});

describe('the door', () => {
  test.each(['Bearer token-nobody', 'Bearer ', 'Basic abc', '', 'token-ana', 7])(
    'a bad token (%s) is refused and never gives way to the cookie',
    async (authorization) => {
      const socket = await plainSocket({ origin: server.publicUrl, cookie: 'agnes=token-ana' });
      socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: authorization } }));
      expect(await closeOf(socket)).toEqual({ code: 4401, reason: 'The token is not valid.' });
    },
  );

  test('a bad token in the header of the upgrade is refused too', async () => {
    const socket = await plainSocket({
      origin: server.publicUrl,
      cookie: 'agnes=token-ana',
      authorization: 'Bearer wrong',
    });
    socket.send(JSON.stringify({ type: 'connection_init' }));
    expect(await closeOf(socket)).toMatchObject({ code: 4401 });
  });

  test('nobody gets in without a credential', async () => {
    const socket = await plainSocket({ origin: server.publicUrl });
    socket.send(JSON.stringify({ type: 'connection_init' }));
    expect(await closeOf(socket)).toEqual({ code: 4401, reason: 'Sign in first.' });
  });

  test.each([undefined, 'http://evil.example.com', 'null', 'http://agnes.example.com.evil.example.com'])(
    'with the cookie, origin %s is refused',
    async (origin) => {
      const socket = await plainSocket({ cookie: 'agnes=token-ana', ...(origin ? { origin } : {}) });
      socket.send(JSON.stringify({ type: 'connection_init' }));
      expect(await closeOf(socket)).toMatchObject({ code: 4403 });
    },
  );

  test.each(['http://agnes.example.com', 'http://other.example.com'])(
    'with the cookie, origin %s gets in',
    async (origin) => {
      const client = socketClient(server, { headers: { origin, cookie: 'x=1; agnes=token-ana' } });
      expect(await ask(client, '{ me }')).toEqual({ data: { me: 'ana@example.com' } });
    },
  );

  test('with a token any origin gets in', async () => {
    const headers = { origin: 'http://evil.example.com', cookie: 'agnes=token-ana' };
    const client = socketClient(server, { token: 'token-ben', headers });
    expect(await ask(client, '{ me }')).toEqual({ data: { me: 'ben@example.com' } });
  });

  test('who asks for another subprotocol is refused, and other paths are left to others', async () => {
    const wrong = new WebSocket(`ws://${server.host}/graphql`, 'graphql-ws');
    const [, response] = await once(wrong, 'unexpected-response');
    expect(response.statusCode).toBe(400);
    const elsewhere = new WebSocket(`ws://${server.host}/elsewhere`);
    const [error] = await once(elsewhere, 'error');
    expect(error).toBeInstanceOf(Error);
  });

  test('a message beyond the limit closes the socket', async () => {
    const socket = await plainSocket();
    socket.send(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(1024 * 1024) } }));
    expect(await closeOf(socket)).toMatchObject({ code: 1009 });
  });

  test('what is no message of the protocol closes the socket', async () => {
    const socket = await plainSocket();
    socket.send('nonsense');
    expect(await closeOf(socket)).toMatchObject({ code: 4400 });
  });
});

describe('development mode', () => {
  let local: OpenServer;

  beforeEach(async () => {
    local = await openServer(stage, { developmentMode: true });
  });

  afterEach(() => local.close());

  test('everybody is the development user, from a page of this server only', async () => {
    const client = socketClient(local, { headers: { origin: local.publicUrl } });
    expect(await ask(client, '{ me }')).toEqual({ data: { me: 'developer@example.com' } });
    const foreign = listen(socketClient(local, { headers: { origin: 'http://evil.example.com' } }), events);
    expect(await foreign.ended).toMatchObject({ code: 4403 });
  });

  test('another Host than this machine is refused', async () => {
    const socket = new WebSocket(`ws://${local.host}/graphql`, 'graphql-transport-ws', {
      headers: { host: 'rebound.example.com', origin: local.publicUrl },
    });
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(403);
  });
});

describe('bad connections', () => {
  test('a client that does not read is cut while the others get everything', async () => {
    const slow = await plainSocket();
    slow.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer token-ana' } }));
    await once(slow, 'message');
    slow.send(
      JSON.stringify({
        id: '1',
        type: 'subscribe',
        payload: { query: 'subscription { tableEvents { number text } }' },
      }),
    );
    const told: { type: string; payload: any }[] = [];
    slow.on('message', (data) => told.push(JSON.parse(String(data))));
    const ben = listen(as('ben'), 'subscription { tableEvents { text } }');
    await until(() => stage.hub.memberCount === 2);
    slow.pause();
    const text = 'x'.repeat(64 * 1024);
    let emitted = 0;
    while (stage.hub.memberCount === 2 && emitted < 2_000) {
      stage.emit({ table: 'orders', text });
      emitted += 1;
      await until(() => ben.results.length === emitted);
    }
    await until(() => stage.hub.memberCount === 1);
    stage.emit({ table: 'orders', text: 'last' });
    await until(() => ben.results.length === emitted + 1);
    slow.resume();
    expect(await closeOf(slow)).toMatchObject({ code: 4408, reason: 'Too slow: read faster, or subscribe to less.' });
    const last = told.pop();
    expect(told.map(({ payload }) => payload.data.tableEvents.number)).toEqual(told.map((_, index) => index + 1));
    expect(last).toMatchObject({
      type: 'error',
      payload: [
        {
          message: `Events came faster than they were read: read faster or ask for less, and subscribe again with \`after: "${told.length}"\`.`,
          extensions: { code: 'TOO_SLOW', resumeAfter: String(told.length) },
        },
      ],
    });
  });

  test('a client that only asks and never reads is cut', async () => {
    const slow = await plainSocket();
    const closed = closeOf(slow);
    slow.pause();
    const ping = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(256 * 1024) } });
    for (let sent = 0; sent < 100; sent += 1) slow.send(ping);
    await until(() => slow.bufferedAmount === 0);
    slow.resume();
    expect(await closed).toMatchObject({ code: 4408 });
  });

  test('a client that does not introduce itself in time is cut', async () => {
    await server.close();
    server = await openServer(stage, { webSocket: { connectionInitSeconds: 0.05 } });
    expect(await closeOf(await plainSocket())).toMatchObject({ code: 4408 });
  });

  test('a client that does not answer pings is cut', async () => {
    await server.close();
    server = await openServer(stage, { webSocket: { keepAliveSeconds: 0.05 } });
    const socket = new WebSocket(`ws://${server.host}/graphql`, 'graphql-transport-ws', { autoPong: false });
    await once(socket, 'open');
    expect(await closeOf(socket)).toMatchObject({ code: 1006 });
  });
});
