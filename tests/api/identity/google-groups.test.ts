import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCrookedIssuer, type CrookedIssuer } from '../../kit/crooked-issuer.ts';
import { ask, startTestServer, type TestServer } from '../../kit/server.ts';
import { Visitor } from '../../kit/visitor.ts';
import { newestEvent } from '../audit/newest-event.ts';

const securityLabel = "'cloudidentity.googleapis.com/groups.security' in labels";
const gmail = 'gmail.com';
const forumLabel = "'cloudidentity.googleapis.com/groups.discussion_forum' in labels";

let google: CrookedIssuer;
let groupsApi: Server;
let server: TestServer;
/** Pages of groups, or how the endpoint fails. */
let behaviour: { pages: string[][] } | 'hangs' | 'fails' = { pages: [] };
const queries: (string | null)[] = [];

/** Answers as Cloud Identity does: without a label by 400, for the label of forums by 403. */
function answerGroups(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url!, 'http://localhost');
  const query = url.searchParams.get('query') ?? '';
  queries.push(query);
  if (behaviour === 'hangs') return;
  if (behaviour === 'fails') return void response.writeHead(500).end('a secret of Google');
  if (request.headers.authorization !== 'Bearer the-access-token') return void response.writeHead(401).end('{}');
  if (query.includes(forumLabel)) return void response.writeHead(403).end('{}');
  if (!query.includes(securityLabel)) return void response.writeHead(400).end('{}');
  const place = Number(url.searchParams.get('pageToken') ?? 0);
  const memberships = (behaviour.pages[place] ?? []).map((id) => ({ groupKey: { id }, displayName: id.split('@')[0] }));
  const nextPageToken = place + 1 < behaviour.pages.length ? String(place + 1) : '';
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ memberships: [...memberships, { displayName: 'without a key' }], nextPageToken }));
}

beforeAll(async () => {
  google = await startCrookedIssuer();
  groupsApi = createServer(answerGroups);
  await new Promise<void>((resolve) => groupsApi.listen(0, '127.0.0.1', resolve));
  const groupsUrl = `http://127.0.0.1:${(groupsApi.address() as AddressInfo).port}`;
  server = await startTestServer({
    google: { issuer: google.url, groupsUrl, timeoutSeconds: 1 },
    environment: {
      GOOGLE_CLIENT_ID: 'agnes',
      GOOGLE_CLIENT_SECRET: 'secret',
      ALLOWED_EMAIL_DOMAINS: `example.com,${gmail}`,
    },
  });
});
afterAll(async () => {
  await server.close();
  await google.close();
  await new Promise<void>((resolve) => {
    groupsApi.close(() => resolve());
    groupsApi.closeAllConnections();
  });
});

async function signIn(claims: Record<string, unknown>) {
  const visitor = new Visitor();
  const begun = await visitor.open(`${server.url}/auth/oidc/google/start`);
  const {
    nonce,
    state,
    redirect_uri: back,
    scope,
  } = Object.fromEntries(new URL(begun.headers.get('location')!).searchParams);
  google.claims = { nonce, email_verified: true, ...claims };
  const callback = `${back}?${new URLSearchParams({ code: 'c', state: state!, iss: google.url })}`;
  const place = (await visitor.open(callback)).headers.get('location')!.replace(server.url, '');
  const session = visitor.cookie('agnes');
  const query = '{ viewer { externalGroups { id name } } }';
  const viewer = session && (await ask(server, { as: { session }, query })).data.viewer;
  return { place, scope, groups: viewer?.externalGroups };
}

async function groupsInAudit(): Promise<unknown> {
  return ((await newestEvent(server)).details as { groups: unknown }).groups;
}

const somebody = { sub: 'g-1', email: "o'hara@example.com", hd: 'Example.com' };

test('reads every page of the security groups of an address whose quote ends no query', async () => {
  behaviour = { pages: [['eng@example.com'], ['ops@example.com'], ['all@example.com']] };
  const { scope, groups } = await signIn(somebody);
  expect(scope).toContain('https://www.googleapis.com/auth/cloud-identity.groups.readonly');
  expect(groups).toEqual([
    { id: 'all@example.com', name: 'all' },
    { id: 'eng@example.com', name: 'eng' },
    { id: 'ops@example.com', name: 'ops' },
  ]);
  expect(new Set(queries)).toEqual(new Set([`member_key_id == 'o\\'hara@example.com' && ${securityLabel}`]));
});

test('when Google fails or does not answer in time, the last known groups stay and the audit says so', async () => {
  for (const failure of ['fails', 'hangs'] as const) {
    behaviour = failure;
    const { place, groups } = await signIn(somebody);
    expect(place).toBe('/');
    expect(groups).toHaveLength(3);
    expect(await groupsInAudit()).toBe('last known: unavailable');
  }
  behaviour = { pages: [[]] };
  expect((await signIn(somebody)).groups).toEqual([]);
  expect(await groupsInAudit()).toBe(0);
});

test("admits nobody new whom no allowed organisation vouches for: anybody can own an account with anybody's address", async () => {
  const refused = [
    { sub: 'g-2', email: 'mallory@example.com' },
    { sub: 'g-2', email: 'mallory@example.com', hd: 'elsewhere.example' },
    { sub: 'g-2', email: 'mallory@elsewhere.example', hd: 'example.com' },
  ];
  for (const claims of refused) expect((await signIn(claims)).place).toBe('/?signInError=domain-not-allowed');
  expect((await signIn({ sub: 'g-3', email: `ada@${gmail}` })).place).toBe('/');
});

test('the sign-in page is told of Google and of the password', async () => {
  const { data } = await ask(server, { as: null, query: '{ instance { signInDoors { kind label url } } }' });
  expect(data.instance.signInDoors).toEqual([
    { kind: 'OIDC', label: 'Google', url: '/auth/oidc/google/start' },
    { kind: 'PASSWORD', label: 'Password', url: null },
  ]);
});
