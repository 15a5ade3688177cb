import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask, credentialHeaders, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';

/** Without a time limit it would run for hours; the pool's own limit is a minute, longer than this test may take. */
const endless = 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7';
const query = 'query ($statement: String!) { sql(statement: $statement) { rows } }';
/** More than there are child processes, so that none is left for anybody else. */
const clients = 6;

describe('a client that goes away', () => {
  let server: TestServer;
  let ada: TestPerson;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await server.person('ada', ['core.viewer']);
  });

  afterAll(() => server.close());

  async function expectFreePool(): Promise<void> {
    const answer = await ask(server, { as: ada, query, variables: { statement: 'SELECT 1' } });
    expect(answer.data).toEqual({ sql: { rows: [[1]] } });
  }

  test('stops its statements when it closes its HTTP connection', async () => {
    const gone = new AbortController();
    const requests = Array.from({ length: clients }, () =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...credentialHeaders(server.url, ada) },
        body: JSON.stringify({ query, variables: { statement: endless } }),
        signal: gone.signal,
      }),
    );
    setTimeout(() => gone.abort(), 500);
    const outcomes = await Promise.allSettled(requests);
    expect(outcomes.map(({ status }) => status)).toEqual(Array(clients).fill('rejected'));
    await expectFreePool();
  });

  test('stops its statements when it closes its socket', async () => {
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${ada.token}` },
      retryAttempts: 0,
    });
    const ends = Array.from(
      { length: clients },
      () =>
        new Promise<string>((resolve) => {
          const sink = {
            next: () => resolve('answered'),
            error: () => resolve('cut'),
            complete: () => resolve('complete'),
          };
          client.subscribe({ query, variables: { statement: endless } }, sink);
        }),
    );
    setTimeout(() => client.terminate(), 800);
    expect(await Promise.all(ends)).toEqual(Array(clients).fill('cut'));
    await expectFreePool();
  });
});
