import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSync } from '../../src/sync/start-sync.ts';
import { createUser } from '../../src/people/create-user.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';

const lists = ['users', 'tables', 'auditEvents', 'syncRuns'] as const;
type List = (typeof lists)[number];

interface Page {
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
  for (let number = 0; number < 6; number += 1) {
    await server.run(createUser, { email: `user${number}@example.com` });
    await server.registerFile(`orders${number}`, 'id\n1\n');
    await server.run(startSync, { source: 'shop' });
    await server.open.syncRunner.idle();
  }
  // The first use of the token is audited in a batch: it shall not come in between two pages.
  await read('users', {});
  const { auditBatch, store } = server.open.services;
  await auditBatch.flush(store);
});

afterAll(() => server.close());

async function read(list: List, variables: { first?: number | null; after?: string | null }) {
  const query = `query ($first: Int, $after: String) { ${list}(first: $first, after: $after) {
    edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  const answer = await ask(server, { as: admin, query, variables });
  return { page: answer.data?.[list] as Page | null, error: answer.errors?.[0] };
}

describe.each(lists)('%s', (list) => {
  test('pages by first and after give each item once, in the order of one large page', async () => {
    const whole = (await read(list, { first: 500 })).page!;
    expect(whole.edges.length).toBeGreaterThanOrEqual(6);
    expect(whole.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    for (const first of [1, 2, whole.edges.length - 1]) {
      const walked: Page['edges'] = [];
      let after: string | null = null;
      do {
        const page: Page = (await read(list, { first, after })).page!;
        expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
        expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor);
        walked.push(...page.edges);
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
      expect(walked).toEqual(whole.edges);
    }
  });

  test('behind the last item is an empty page', async () => {
    const { pageInfo } = (await read(list, { first: 500 })).page!;
    const page = (await read(list, { after: pageInfo.endCursor })).page!;
    const nothing = { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null };
    expect(page).toEqual({ edges: [], pageInfo: nothing });
  });

  test('a page holds 1 to 500; 50 unless said otherwise', async () => {
    for (const first of [0, -1, 501, 2_147_483_647]) {
      const { page, error } = await read(list, { first });
      expect(page).toBeNull();
      expect([error?.extensions['code'], error?.message]).toEqual([
        'INVALID_INPUT',
        'first: Give a number from 1 to 500.',
      ]);
    }
    for (const first of [1, 500, null]) expect((await read(list, { first })).error).toBeUndefined();
  });

  test('what is not a cursor of this list is refused', async () => {
    const foreign = await Promise.all(lists.map(async (other) => [other, (await read(other, { first: 1 })).page!]));
    const cursors = (foreign as [List, Page][])
      .filter(([other]) => shapeOf(other) !== shapeOf(list))
      .map(([, page]) => page.edges[0]!.cursor);
    const made = ['5', 'null', '{}', '[]', '{"at":"x","id":"y"}', '{"at":1}', '{"at":1e300,"id":"y"}', '{'];
    cursors.push('', '?', 'x', ...made.map((text) => Buffer.from(text).toString('base64url')));
    expect(cursors.length).toBeGreaterThan(10);
    for (const after of cursors) {
      const { page, error } = await read(list, { after });
      expect([after, page, error?.message]).toEqual([after, null, 'after: This is not a cursor of this list.']);
      expect(error?.extensions['code']).toBe('INVALID_INPUT');
    }
  });
});

test('totalCount counts all pages, and search narrows it', async () => {
  const query = `query ($search: String) { tables(first: 1, search: $search) { totalCount edges { node { sqlName } } } }`;
  const all = await ask(server, { as: admin, query });
  expect(all.data.tables).toMatchObject({ totalCount: 6, edges: [{ node: { sqlName: 'shop.orders0' } }] });
  const one = await ask(server, { as: admin, query, variables: { search: ' ORDERS3 ' } });
  expect(one.data.tables).toEqual({ totalCount: 1, edges: [{ node: { sqlName: 'shop.orders3' } }] });
  const none = await ask(server, { as: admin, query, variables: { search: 'nothing' } });
  expect(none.data.tables).toEqual({ totalCount: 0, edges: [] });
});

test('runs of one source are listed alone, and those of an unknown source are none', async () => {
  const query = `query ($source: String) { syncRuns(source: $source) { edges { node { source { name } state progress } } } }`;
  const shop = await ask(server, { as: admin, query, variables: { source: 'shop' } });
  expect(shop.data.syncRuns.edges).toHaveLength(6);
  expect(shop.data.syncRuns.edges[0]).toEqual({
    node: { source: { name: 'shop' }, state: 'SUCCEEDED', progress: 1 },
  });
  const unknown = await ask(server, { as: admin, query, variables: { source: 'nothing' } });
  expect(unknown.data.syncRuns.edges).toEqual([]);
});

/** Cursors of lists by text, and of lists by time, look alike. */
function shapeOf(list: List): 'text' | 'time' {
  return list === 'users' || list === 'tables' ? 'text' : 'time';
}
