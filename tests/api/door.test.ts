import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAuditEvents } from '../../src/audit/read-audit-events.ts';
import { largestBodyBytes } from '../../src/server/body.ts';
import { sendExactly, type ExactAnswer, type ExactRequest } from '../kit/exact-request.ts';
import { ask as askSocket } from '../server/socket-client.ts';
import {
  ask,
  connectSocket,
  credentialHeaders,
  startTestServer,
  type TestPerson,
  type TestServer,
} from '../kit/server.ts';

const listed = 'https://app.example.com';
const foreign = 'https://evil.example.com';
const json = { 'Content-Type': 'application/json' };
const whoAmI = JSON.stringify({ query: '{ viewer { email } }' });

function send(
  server: TestServer,
  { path = '/graphql', ...sent }: ExactRequest & { path?: string },
): Promise<ExactAnswer> {
  return sendExactly(`${server.url}${path}`, sent);
}

function codeOf(text: string): unknown {
  return (JSON.parse(text) as { errors: { extensions: { code: unknown } }[] }).errors[0]?.extensions.code;
}

describe('the door', () => {
  let server: TestServer;
  let admin: TestPerson;
  let bearer: Record<string, string>;

  beforeAll(async () => {
    server = await startTestServer({ environment: { CORS_ORIGINS: `${listed},https://other.example.com` } });
    admin = await server.person('admin', ['core.admin']);
    bearer = { Authorization: `Bearer ${admin.token}` };
  });

  afterAll(() => server.close());

  describe('bodies', () => {
    test.each([
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/graphql',
      '',
    ])('of the type %j are refused with 415', async (type) => {
      const answer = await send(server, { headers: { ...bearer, 'Content-Type': type }, body: whoAmI });
      expect([answer.status, codeOf(answer.text)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    });

    test.each([
      ['a batch', `[${whoAmI},${whoAmI}]`],
      ['no JSON', '{"query": '],
      ['a text', '"{ viewer { email } }"'],
      ['null', 'null'],
      ['an object without query', '{}'],
      ['a query that is no text', '{"query":{}}'],
      ['variables that are no object', '{"query":"{ viewer { email } }","variables":"x"}'],
      ['variables that are a list', '{"query":"{ viewer { email } }","variables":[]}'],
      ['an operation name that is no text', '{"query":"{ viewer { email } }","operationName":1}'],
    ])('that are %s are refused with 400', async (_, body) => {
      for (const accept of ['application/json', 'text/event-stream']) {
        const answer = await send(server, { headers: { ...bearer, ...json, Accept: accept }, body });
        expect([answer.status, codeOf(answer.text)]).toEqual([400, 'INVALID_BODY']);
      }
    });

    test('of one MiB are taken, one byte more is 413, announced or not', async () => {
      const open = '{"query":"{ viewer { email } }","operationName":null,"variables":{"x":"';
      const full = `${open}${'x'.repeat(largestBodyBytes - open.length - 3)}"}}`;
      expect(full.length).toBe(largestBodyBytes);
      expect((await send(server, { headers: { ...bearer, ...json }, body: full })).status).toBe(200);
      const over = `${full} `;
      const length = { 'Content-Length': String(over.length) };
      const announced = await send(server, { headers: { ...bearer, ...json, ...length }, body: over });
      expect([announced.status, codeOf(announced.text)]).toEqual([413, 'BODY_TOO_LARGE']);
      const chunked = { 'Transfer-Encoding': 'chunked' };
      const streamed = await send(server, { headers: { ...bearer, ...json, ...chunked }, body: over });
      expect([streamed.status, codeOf(streamed.text)]).toEqual([413, 'BODY_TOO_LARGE']);
    });

    test('come by POST; other methods are 405', async () => {
      for (const method of ['PUT', 'DELETE', 'PATCH']) {
        const answer = await send(server, { method, headers: { ...bearer, ...json }, body: whoAmI });
        expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, POST, OPTIONS']);
      }
    });
  });

  describe('GET', () => {
    function get(query: string, headers: Record<string, string>, more = '') {
      return send(server, { method: 'GET', path: `/graphql?query=${encodeURIComponent(query)}${more}`, headers });
    }

    test('needs a bearer token; the session does not count', async () => {
      const query = '{ viewer { email } }';
      expect((await get(query, {})).status).toBe(403);
      const cookie = await get(query, credentialHeaders(server.url, admin.session ? { session: admin.session } : null));
      expect([cookie.status, codeOf(cookie.text)]).toEqual([403, 'FORBIDDEN']);
      expect(JSON.parse((await get(query, bearer)).text)).toEqual({ data: { viewer: { email: admin.email } } });
      expect((await get(query, { Authorization: 'Bearer wrong' })).status).toBe(401);
    });

    test.each([
      '{ sql(statement: "SELECT 1") { rows } }',
      '{ harmless: sql(statement: "SELECT 1") { rows } }',
      '{ ...f } fragment f on Query { a: sql(statement: "SELECT 1") { rows } }',
      '{ viewer { email } ... on Query { ... { sql(statement: "SELECT 1") { rows } } } }',
    ])('never runs a statement: %s', async (query) => {
      const { auditBatch, store } = server.open.services;
      for (const accept of ['application/json', 'text/event-stream']) {
        const { text } = await get(query, { ...bearer, Accept: accept });
        expect(text).toContain('"code":"METHOD_NOT_ALLOWED"');
        expect(text).not.toContain('"rows"');
      }
      await auditBatch.flush(store);
      const events = await listAuditEvents(store, { limit: 1_000 });
      expect(events.filter(({ action }) => action === 'statement.executed')).toEqual([]);
    });

    test('changes nothing', async () => {
      const mutation = 'mutation { createUser(input: { email: "get@example.com" }) { __typename } }';
      for (const accept of ['application/json', 'text/event-stream']) {
        const answer = await get(mutation, { ...bearer, Accept: accept });
        expect(answer.status).toBe(405);
      }
      expect(server.open.services.accessIndex.userByEmail('get@example.com')).toBeUndefined();
    });

    test('with variables that are no JSON object is refused with 400', async () => {
      for (const variables of ['%7B', '1', '[]']) {
        for (const accept of ['application/json', 'text/event-stream']) {
          const answer = await get('{ viewer { email } }', { ...bearer, Accept: accept }, `&variables=${variables}`);
          expect([answer.status, codeOf(answer.text)]).toEqual([400, 'INVALID_BODY']);
        }
      }
    });
  });

  describe('the session cookie', () => {
    function withCookie(headers: Record<string, string>) {
      return send(server, { headers: { ...json, Cookie: `agnes=${admin.session}`, ...headers }, body: whoAmI });
    }

    test('counts from the own origin and from listed ones', async () => {
      for (const origin of [server.url, listed]) {
        const answer = await withCookie({ Origin: origin });
        expect(JSON.parse(answer.text)).toEqual({ data: { viewer: { email: admin.email } } });
      }
    });

    test('without an origin, or from a foreign one, is refused', async () => {
      for (const origin of [undefined, foreign, 'null', `${listed}.example.com`, 'http://127.0.0.1:1']) {
        const answer = await withCookie(origin === undefined ? {} : { Origin: origin });
        expect([answer.status, codeOf(answer.text)]).toEqual([401, 'UNAUTHENTICATED']);
      }
    });

    test('counts on a socket from the same origins alone', async () => {
      const asked = async (origin: string) => {
        const client = connectSocket(server, { session: admin.session }, { Origin: origin });
        try {
          return await askSocket(client, '{ viewer { email } }').catch(({ code }: { code: number }) => code);
        } finally {
          await client.dispose();
        }
      };
      const known = { data: { viewer: { email: admin.email } } };
      expect([await asked(server.url), await asked(listed)]).toEqual([known, known]);
      expect([await asked(foreign), await asked('null')]).toEqual([4403, 4403]);
    });

    test('does not carry a token', async () => {
      const answer = await withCookie({ Cookie: `agnes=${admin.token}`, Origin: server.url });
      expect(JSON.parse(answer.text)).toEqual({ data: { viewer: null } });
    });
  });

  describe('CORS', () => {
    test('lets listed origins read answers, and no other', async () => {
      const ours = await send(server, { headers: { ...bearer, ...json, Origin: listed }, body: whoAmI });
      expect(ours.headers).toMatchObject({
        'access-control-allow-origin': listed,
        'access-control-allow-credentials': 'true',
        vary: 'Origin',
      });
      const other = await send(server, { headers: { ...bearer, ...json, Origin: foreign }, body: whoAmI });
      expect(corsHeaders(other.headers)).toEqual([]);
      expect(other.headers['vary']).toBe('Origin');
    });

    test('answers preflights of listed origins, and no other', async () => {
      const headers = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' };
      const ours = await send(server, { method: 'OPTIONS', headers: { ...headers, Origin: listed } });
      expect(ours.status).toBe(204);
      expect(ours.headers['access-control-allow-headers']).toBe('authorization, content-type');
      const other = await send(server, { method: 'OPTIONS', headers: { ...headers, Origin: foreign } });
      expect(corsHeaders(other.headers)).toEqual([]);
    });
  });

  describe('limits', () => {
    const deep = `{ roles ${'{ implies '.repeat(15)}{ key }${' }'.repeat(15)} }`;
    const documents: [string, string][] = [
      ['DEPTH_LIMIT', deep],
      ['ALIAS_LIMIT', `{ viewer { ${Array.from({ length: 31 }, (_, i) => `a${i}: email`).join(' ')} } }`],
      [
        'ALIAS_LIMIT',
        `{ viewer { ...f } } fragment f on Viewer { ${Array.from({ length: 31 }, (_, i) => `a${i}: email`).join(' ')} }`,
      ],
      ['ROOT_FIELD_LIMIT', `{ ${Array.from({ length: 21 }, (_, i) => `a${i}: __typename`).join(' ')} }`],
      ['TOKEN_LIMIT', `{ viewer { ${'email '.repeat(2_000)} } }`],
      ['GRAPHQL_PARSE_FAILED', '{ viewer {'],
      ['GRAPHQL_VALIDATION_FAILED', '{ nothing }'],
    ];

    test.each(documents)('%s: the same over HTTP and over a socket (%#)', async (code, query) => {
      const answer = await ask(server, { as: admin, query });
      expect(answer.data).toBeUndefined();
      expect(answer.errors?.[0]?.extensions['code']).toBe(code);
      const client = connectSocket(server, admin);
      try {
        await expect(askSocket(client, query)).rejects.toMatchObject([{ extensions: { code } }]);
      } finally {
        await client.dispose();
      }
    });

    test('variables that do not fit have a code over HTTP and over a socket', async () => {
      const query = 'query ($first: Int!) { users(first: $first) { pageInfo { hasNextPage } } }';
      const answer = await ask(server, { as: admin, query, variables: { first: 'x' } });
      expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
      const client = connectSocket(server, admin);
      try {
        const { errors } = await askSocket(client, query, { first: 'x' });
        expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
      } finally {
        await client.dispose();
      }
    });
  });

  test('a subscription that asks for JSON is told how to listen', async () => {
    const answer = await ask(server, { as: admin, query: 'subscription { syncEvents { id } }' });
    expect(answer.errors?.map(({ extensions, message }) => [extensions['code'], message])).toEqual([
      ['STREAM_NEEDED', 'Subscriptions are answered over a WebSocket, or with `Accept: text/event-stream`.'],
    ]);
  });

  test('introspection is open to everybody, as the contract is', async () => {
    const answer = await ask(server, {
      as: null,
      query: '{ __schema { queryType { name } } __type(name: "User") { name } }',
    });
    expect(answer).toMatchObject({ data: { __schema: { queryType: { name: 'Query' } }, __type: { name: 'User' } } });
  });

  test('the request id of an answer is the one of its audit row', async () => {
    const query = 'mutation { createUser(input: { email: "id@example.com" }) { __typename } }';
    const answer = await send(server, { headers: { ...bearer, ...json }, body: JSON.stringify({ query }) });
    const [event] = await listAuditEvents(server.open.services.store, { limit: 1 });
    expect([event?.action, event?.requestId]).toEqual(['user.created', answer.headers['x-request-id']]);
  });

  test.each(['/', '/device', '/graphiql'])('no page of another site can frame %s', async (path) => {
    const { status, headers } = await send(server, { method: 'GET', path });
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  test('probes answer without a credential', async () => {
    const health = await send(server, { method: 'GET', path: '/healthz' });
    expect([health.status, health.text]).toEqual([200, '{"status":"ok"}']);
    const ready = await send(server, { method: 'GET', path: '/readyz' });
    expect([ready.status, ready.text]).toEqual([200, '{"ready":true}']);
  });

  test('a fault of the server tells its request id and nothing else, over HTTP and over a socket', async () => {
    const { store } = server.open.services;
    await store.write((tx) => tx.db.updateTable('audit_events').set({ details: 'no JSON, secret 1234' }).execute());
    const query = '{ auditEvents { edges { node { details } } } }';
    const answer = await send(server, { headers: { ...bearer, ...json }, body: JSON.stringify({ query }) });
    const requestId = answer.headers['x-request-id'];
    const message = 'Something went wrong on the server; its log has the details under the request id.';
    const fault = { message, path: ['auditEvents'], locations: expect.any(Array) };
    expect(JSON.parse(answer.text)).toEqual({
      data: { auditEvents: null },
      errors: [{ ...fault, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } }],
    });
    const client = connectSocket(server, admin);
    try {
      expect(await askSocket(client, query)).toEqual({
        data: { auditEvents: null },
        errors: [{ ...fault, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) } }],
      });
    } finally {
      await client.dispose();
    }
  });
});

describe('the door in development mode', () => {
  let server: TestServer;
  let person: TestPerson;

  beforeAll(async () => {
    server = await startTestServer({
      environment: { LOCAL_DEV_MODE: '1', LOCAL_DEV_USER_EMAIL: 'developer@example.com' },
    });
    await server.person('developer', ['core.admin']);
    person = await server.person('person', ['core.viewer']);
  });

  afterAll(() => server.close());

  async function viewer(headers: Record<string, string>) {
    const answer = await send(server, { headers: { ...json, ...headers }, body: whoAmI });
    return answer.status === 200
      ? (JSON.parse(answer.text) as { data: { viewer: { email: string } | null } }).data.viewer?.email
      : answer.status;
  }

  test('signs in whoever asks from this machine', async () => {
    expect(await viewer({})).toBe('developer@example.com');
    expect(await viewer({ Origin: server.url.replace('127.0.0.1', 'localhost') })).toBe('developer@example.com');
  });

  test('refuses a foreign host with 403 on every path', async () => {
    expect(await viewer({ Host: 'evil.example.com' })).toBe(403);
    for (const path of ['/', '/healthz', '/graphiql', '/setup']) {
      const answer = await send(server, { method: 'GET', path, headers: { Host: 'agnes.example.com:8000' } });
      expect(answer.status).toBe(403);
    }
  });

  test('refuses a foreign origin', async () => {
    expect(await viewer({ Origin: foreign })).toBe(401);
    expect(await viewer({ Origin: 'null' })).toBe(401);
  });

  test('a token still wins, and a wrong one is refused', async () => {
    expect(await viewer({ Authorization: `Bearer ${person.token}` })).toBe(person.email);
    expect(await viewer({ Authorization: 'Bearer wrong' })).toBe(401);
  });

  test('a socket is for this machine too: neither a foreign host nor a foreign origin opens one', async () => {
    const asked = async (headers: Record<string, string>) => {
      const client = connectSocket(server, null, { Origin: server.url, ...headers });
      try {
        const query = '{ viewer { email } }';
        return await askSocket(client, query).catch((fault: { code?: number; message?: string }) => {
          return fault.code ?? fault.message;
        });
      } finally {
        await client.dispose();
      }
    };
    expect(await asked({})).toEqual({ data: { viewer: { email: 'developer@example.com' } } });
    expect(await asked({ Host: 'evil.example.com' })).toBe('Unexpected server response: 403');
    expect(await asked({ Origin: foreign })).toBe(4403);
  });

  test('GET does not sign in', async () => {
    const path = `/graphql?query=${encodeURIComponent('{ viewer { email } }')}`;
    expect((await send(server, { method: 'GET', path })).status).toBe(403);
  });

  test('a development user who is not active is nobody, which the predecessor did not look at', async () => {
    const { id, email } = server.open.services.accessIndex.userByEmail('developer@example.com')!;
    await server.deactivate({ id, email });
    expect(await viewer({})).toBeUndefined();
  });
});

function corsHeaders(headers: Record<string, unknown>): string[] {
  return Object.keys(headers).filter((name) => name.startsWith('access-control-'));
}
