import { beforeAll, describe, expect, test } from 'vitest';
import { createUser } from '../../../src/people/create-user.ts';
import { writePasswordHash } from '../../../src/people/password-hash.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

describeServersOnBoth((server) => {
  let admin: TestPerson;

  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
    const people = [
      { email: 'ada@example.com', name: 'Ada Lovelace' },
      { email: 'grace@example.com', name: 'Grace Hopper' },
      { email: 'under_score@example.com', name: null },
      { email: 'underXscore@example.com', name: '100 % Ångström' },
    ];
    for (const person of people) await server().run(createUser, person);
  });

  describe('user', () => {
    const query = 'query ($id: ID, $email: String) { user(id: $id, email: $email) { id email name active } }';
    const find = (variables: Record<string, unknown>) => ask(server(), { as: admin, query, variables });

    test('finds somebody by address, in whatever case, and by the id that this tells', async () => {
      const { data } = await find({ email: ' ADA@Example.com ' });
      expect(data.user).toEqual({
        id: expect.stringMatching(/^User:[\da-f-]{36}$/),
        email: 'ada@example.com',
        name: 'Ada Lovelace',
        active: true,
      });
      expect((await find({ id: data.user.id })).data).toEqual(data);
      expect((await find({ id: data.user.id, email: null })).data).toEqual(data);
    });

    test.each([{ email: 'none@example.com' }, { email: '' }, { id: 'User:none' }, { id: 'Role:x' }, { id: '' }])(
      'is null where there is none: %j',
      async (variables) => {
        expect(await find(variables)).toEqual({ status: 200, data: { user: null }, errors: undefined });
      },
    );

    test.each([{}, { id: null, email: null }, { id: 'User:x', email: 'ada@example.com' }])(
      'wants exactly one of id and email: %j',
      async (variables) => {
        const { data, errors } = await find(variables);
        expect(data).toEqual({ user: null });
        expect(errors).toMatchObject([
          { message: 'id: Give either id or email.', extensions: { code: 'INVALID_INPUT' } },
        ]);
      },
    );
  });

  describe('users(search)', () => {
    const query = `query ($search: String, $first: Int, $after: String) {
      users(search: $search, first: $first, after: $after) { edges { node { email } } pageInfo { endCursor hasNextPage } }
    }`;

    async function search(variables: Record<string, unknown>) {
      const { data } = await ask(server(), { as: admin, query, variables });
      const { edges, pageInfo } = data.users;
      return { emails: (edges as { node: { email: string } }[]).map(({ node }) => node.email), pageInfo };
    }

    test.each([
      [' ADA ', ['ada@example.com']],
      ['hopper', ['grace@example.com']],
      ['ace', ['ada@example.com', 'grace@example.com']],
      ['under_', ['under_score@example.com']],
      ['%', ['underxscore@example.com']],
      ['ångström', ['underxscore@example.com']],
      ["'", []],
      ['nobody', []],
    ])('%j finds whose address or name contains it', async (text, emails) => {
      expect((await search({ search: text })).emails).toEqual(emails);
    });

    test('nothing to search for leaves nobody out', async () => {
      for (const text of [undefined, null, '', '  ']) expect((await search({ search: text })).emails).toHaveLength(5);
    });

    test('what is found comes in pages', async () => {
      const first = await search({ search: 'score', first: 1 });
      expect(first).toMatchObject({ emails: ['under_score@example.com'], pageInfo: { hasNextPage: true } });
      const second = await search({ search: 'score', first: 1, after: first.pageInfo.endCursor });
      expect(second).toMatchObject({ emails: ['underxscore@example.com'], pageInfo: { hasNextPage: false } });
    });
  });

  describe('users(sort)', () => {
    const query = `query ($sort: UserSort, $after: String) {
      users(sort: $sort, first: 1, after: $after) { edges { node { id email } } pageInfo { endCursor hasNextPage } }
    }`;

    /** Walks through all pages, one user each. */
    async function walk(sort: string): Promise<string[]> {
      const emails: string[] = [];
      for (let after: string | null = null; ;) {
        const { data } = await ask(server(), { as: admin, query, variables: { sort, after } });
        emails.push(data.users.edges[0].node.email);
        if (!data.users.pageInfo.hasNextPage) return emails;
        after = data.users.pageInfo.endCursor;
      }
    }

    test('each order comes page by page, where instants are equal or missing too', async () => {
      const at = (email: string, created: string, seen: string | null) =>
        server().open.services.store.write(({ db }) =>
          db
            .updateTable('users')
            .set({ created_at: new Date(created), last_seen_at: seen === null ? null : new Date(seen) })
            .where('email', '=', email)
            .execute(),
        );
      await at(admin.email, '2026-01-01', '2026-03-01');
      await at('ada@example.com', '2026-01-02', null);
      await at('grace@example.com', '2026-01-02', '2026-02-01');
      await at('under_score@example.com', '2026-01-03', null);
      await at('underxscore@example.com', '2025-12-31', '2026-04-01');
      const byEmail = await walk('EMAIL');
      expect(byEmail).toEqual(byEmail.toSorted());
      expect(byEmail).toHaveLength(5);
      const newest = await walk('CREATED');
      expect([newest[0], ...newest.slice(3)]).toEqual([
        'under_score@example.com',
        admin.email,
        'underxscore@example.com',
      ]);
      expect(newest.slice(1, 3).toSorted()).toEqual(['ada@example.com', 'grace@example.com']);
      // The requests of this test may have been noted meanwhile, for the administrator.
      const seen = (await walk('LAST_SEEN')).filter((email) => email !== admin.email);
      expect(seen.slice(0, 2)).toEqual(['underxscore@example.com', 'grace@example.com']);
      expect(seen.slice(2).toSorted()).toEqual(['ada@example.com', 'under_score@example.com']);
    });

    test('a cursor of another order is refused', async () => {
      const first = await ask(server(), { as: admin, query, variables: { sort: 'EMAIL' } });
      const after = first.data.users.pageInfo.endCursor;
      const { errors } = await ask(server(), { as: admin, query, variables: { sort: 'CREATED', after } });
      expect(errors).toMatchObject([{ message: 'after: This is not a cursor of this list.' }]);
    });
  });

  describe('hasPassword', () => {
    test('is told to administrators about everybody, and to everybody about themselves only', async () => {
      const holder = await server().person('holder', []);
      await server().open.services.store.write((tx) => writePasswordHash(tx, holder.id, 'hash'));
      const query = 'query ($email: String!) { viewer { hasPassword } user(email: $email) { hasPassword } }';
      const asAdmin = await ask(server(), { as: admin, query, variables: { email: holder.email } });
      expect(asAdmin.data).toEqual({ viewer: { hasPassword: false }, user: { hasPassword: true } });
      const asHolder = await ask(server(), { as: holder, query, variables: { email: admin.email } });
      expect(asHolder.data).toEqual({ viewer: { hasPassword: true }, user: null });
      const own = `{ viewer { roleGrants { user { hasPassword } } } }`;
      const reader = await server().person('reader', ['core.viewer']);
      const { data } = await ask(server(), { as: reader, query: own });
      expect(data.viewer.roleGrants).toEqual([{ user: { hasPassword: null } }]);
    });
  });
});
