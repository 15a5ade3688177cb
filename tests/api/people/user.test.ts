import { beforeAll, describe, expect, test } from 'vitest';
import { createUser } from '../../../src/people/create-user.ts';
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
});
