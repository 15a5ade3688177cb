import { request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wantsEventStream } from '../../src/server/sse.ts';
import { openServer, type OpenServer } from './open-server.ts';
import { listen, socketClient, until } from './socket-client.ts';
import { createStage, type Stage } from './stage.ts';

let stage: Stage;
let server: OpenServer;

beforeEach(async () => {
  stage = createStage();
  stage.rights.add('ana', { tables: ['orders', 'salaries'] });
  stage.rights.add('ben', { tables: ['orders'] });
  server = await openServer(stage, { eventStream: { heartbeatSeconds: 0.05, unsentBytes: 256 * 1024 } });
});

afterEach(() => server.close());

interface Stream {
  readonly response: IncomingMessage;
  /** Everything received so far, and the results in it. */
  readonly text: () => string;
  readonly results: () => unknown[];
  readonly ended: Promise<unknown>;
}

async function openStream(name: string, query: string): Promise<Stream> {
  const request = httpRequest(`http://${server.host}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'text/event-stream',
      Authorization: `Bearer token-${name}`,
    },
  });
  request.end(JSON.stringify({ query }));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const received = { text: '', unread: '', results: [] as unknown[] };
  response.setEncoding('utf8').on('data', (chunk: string) => {
    received.text += chunk;
    const messages = (received.unread + chunk).split('\n\n');
    received.unread = messages.pop() ?? '';
    for (const message of messages) {
      const [, json] = /^event: next\n(?:id: \d+\n)?data: (.*)$/.exec(message) ?? [];
      if (json !== undefined) received.results.push(JSON.parse(json));
    }
  });
  response.on('error', () => {});
  return { response, text: () => received.text, results: () => received.results, ended: once(response, 'close') };
}

test('each event is one `next`, with the result of the reader’s own rights', async () => {
  const query = 'subscription { tableEvents { number readable } }';
  const [ana, ben] = [await openStream('ana', query), await openStream('ben', query)];
  expect(ana.response.statusCode).toBe(200);
  expect(ana.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  await until(() => stage.hub.memberCount === 2);
  stage.emit({ table: 'salaries' });
  stage.emit({ table: 'orders' });
  await until(() => ana.results().length === 2 && ben.results().length === 1);
  expect(ana.results()).toEqual([
    { data: { tableEvents: { number: 1, readable: ['orders', 'salaries'] } } },
    { data: { tableEvents: { number: 2, readable: ['orders', 'salaries'] } } },
  ]);
  expect(ben.results()).toEqual([{ data: { tableEvents: { number: 2, readable: ['orders'] } } }]);
  expect(stage.hub.executionCount).toBe(3);
});

test('a stream and a socket with the same rights share one execution', async () => {
  const query = 'subscription { tableEvents { number } }';
  const stream = await openStream('ben', query);
  const socket = listen(socketClient(server, { token: 'token-ben' }), query);
  await until(() => stage.hub.memberCount === 2);
  stage.emit({ table: 'orders' });
  await until(() => stream.results().length === 1 && socket.results.length === 1);
  expect(stream.results()).toEqual(socket.results);
  expect(stage.hub.executionCount).toBe(1);
});

test('while nothing happens, comments keep the connection alive', async () => {
  const ana = await openStream('ana', 'subscription { tableEvents { number } }');
  await until(() => ana.text().split(':\n\n').length > 3);
  expect(ana.results()).toEqual([]);
});

test('when the client goes away it leaves the hub', async () => {
  const ana = await openStream('ana', 'subscription { tableEvents { number } }');
  await until(() => stage.hub.memberCount === 1);
  ana.response.destroy();
  await until(() => stage.hub.memberCount === 0);
});

test('a revoked token ends the stream with the error and `complete`', async () => {
  const ana = await openStream('ana', 'subscription { tableEvents { number } }');
  await until(() => stage.hub.memberCount === 1);
  stage.rights.revokeToken('ana');
  await ana.ended;
  expect(ana.results()).toMatchObject([{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
  expect(ana.text()).toMatch(/event: complete\ndata:\n\n$/);
});

test('when the server stops the stream ends without `complete`, so that its client comes again', async () => {
  const ana = await openStream('ana', 'subscription { tableEvents { number } }');
  await until(() => stage.hub.memberCount === 1);
  stage.hub.close();
  await ana.ended;
  expect(ana.results()).toEqual([]);
  expect(ana.text()).not.toContain('complete');
});

test.each([
  ['nobody', 'subscription { tableEvents { number } }', 'UNAUTHENTICATED'],
  ['ana', 'subscription { adminEvents { number } }', 'FORBIDDEN'],
  ['ana', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
])('what %s may not have (%s) is one `next` with %s', async (name, query, code) => {
  const stream = await openStream(name, query);
  await stream.ended;
  expect(stream.results()).toMatchObject([{ errors: [{ extensions: { code } }] }]);
  expect(stream.text()).toMatch(/event: complete\ndata:\n\n$/);
  expect(stage.hub.memberCount).toBe(0);
});

test('a query is one `next` and `complete`', async () => {
  const stream = await openStream('ana', '{ hello }');
  await stream.ended;
  expect(stream.text()).toBe('event: next\ndata: {"data":{"hello":"world"}}\n\nevent: complete\ndata:\n\n');
});

test('a client that does not read is cut with a reason while the others get everything', async () => {
  const query = 'subscription { tableEvents { number text } }';
  const [slow, ben] = [await openStream('ana', query), await openStream('ben', query)];
  await until(() => stage.hub.memberCount === 2);
  slow.response.pause();
  const text = 'x'.repeat(64 * 1024);
  let emitted = 0;
  while (stage.hub.memberCount === 2 && emitted < 2_000) {
    stage.emit({ table: 'orders', text });
    emitted += 1;
    await until(() => ben.results().length === emitted || stage.hub.memberCount === 1);
  }
  expect(stage.hub.memberCount).toBe(1);
  slow.response.resume();
  await slow.ended;
  const received = slow.results().length - 1;
  expect(slow.results().at(-1)).toMatchObject({
    errors: [{ extensions: { code: 'TOO_SLOW', resumeAfter: String(received) } }],
  });
  expect(slow.text()).toMatch(/event: complete\ndata:\n\n$/);
  stage.emit({ table: 'orders', text: 'last' });
  await until(() => ben.results().length === emitted + 1);
});

test('a client that reads nothing, not even comments, is told and cut, and what waits for it stays within the limit', async () => {
  const query = 'subscription { tableEvents(after: "0") { number text } }';
  const text = 'x'.repeat(64 * 1024);
  for (let emitted = 0; emitted < 200; emitted += 1) stage.emit({ table: 'orders', text });
  const slow = await openStream('ana', query);
  slow.response.pause();
  await until(() => stage.hub.memberCount === 0);
  expect(stage.hub.heldEvents).toBe(0);
  slow.response.resume();
  await slow.ended;
  const received = slow.results().length - 1;
  expect(received).toBeLessThan(200);
  expect(slow.results().at(-1)).toMatchObject({
    errors: [{ extensions: { code: 'TOO_SLOW', resumeAfter: String(received) } }],
  });
});

test('only a client that names the type asks for an event stream', () => {
  expect(wantsEventStream('text/event-stream')).toBe(true);
  expect(wantsEventStream('application/json;q=0.9, text/event-stream;q=1')).toBe(true);
  expect(wantsEventStream('*/*')).toBe(false);
  expect(wantsEventStream('text/event-streams')).toBe(false);
  expect(wantsEventStream(undefined)).toBe(false);
});
