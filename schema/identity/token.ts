import type { Token as TokenRow } from '../../src/identity/token.ts';
import { listTokens } from '../../src/identity/read-tokens.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { atKey, readPage } from '../paging.ts';
import { User } from '../people/user.ts';

export const Token = builder.objectRef<TokenRow>('Token');

builder.node(Token, {
  description: 'A personal access token; its secret was shown once.',
  node: {
    rule: { signedIn: true },
    load: async (id, { loaders, principal }) => {
      const tokens = await loaders.tokensOf.load(principal.userId);
      return tokens.find((token) => token.id === id);
    },
  },
  id: { resolve: (token) => token.id, description: 'Global id.' },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What its owner called it.' }),
    prefix: t.exposeString('prefix', { description: 'How its secret begins.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'When it ends by itself.' }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When it was revoked.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used; written about once a minute.',
    }),
    lastUsedAddress: t.exposeString('lastUsedAddress', {
      nullable: true,
      description: 'The client’s address at its last use; behind a proxy that is not trusted, the proxy’s.',
    }),
    readOnly: t.boolean({
      description: 'Whether it may change nothing.',
      resolve: ({ narrowing }) => narrowing.readOnly,
    }),
    tableIds: t.idList({
      nullable: true,
      description:
        'Global ids of the only tables it may read, those that are gone too; null: all that its owner may read.',
      resolve: ({ narrowing }) => narrowing.tableIds?.map((id) => `Table:${id}`) ?? null,
    }),
    roleKeys: t.stringList({
      nullable: true,
      description: 'The only roles it keeps, with what they imply; null: all that its owner has.',
      resolve: ({ narrowing }) => narrowing.roleKeys && [...narrowing.roleKeys],
    }),
    owner: t.field({
      type: User,
      nullable: true,
      description: 'Whose it is.',
      resolve: (token, _args, { loaders }) => loaders.users.load(token.userId),
    }),
  }),
});

const TokenConnection = builder.connectionObject(
  { type: Token, name: 'TokenConnection', description: 'A page of tokens.' },
  { name: 'TokenEdge', description: 'A token at its place in the list.' },
);

builder.queryField('tokens', (t) =>
  t.field({
    type: TokenConnection,
    nullable: true,
    description: 'The tokens of everybody, newest first, revoked and expired ones too. `revokeToken` ends one.',
    authScopes: { role: 'core.admin' },
    args: {
      user: t.arg.id({ description: 'Global id of a user: only this user’s tokens.' }),
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
    },
    resolve(_root, args, { services }) {
      const userId = args.user == null ? undefined : storedId('User', args.user);
      return readPage(args, {
        key: atKey,
        list: (limit, after) =>
          listTokens(services, { limit, userId, before: after && { at: new Date(after.at), id: after.id } }),
        keyOf: ({ createdAt, id }) => ({ at: createdAt.getTime(), id }),
      });
    },
  }),
);

builder.objectField(User, 'tokens', (t) =>
  t.field({
    type: [Token],
    nullable: true,
    authScopes: { role: 'core.admin' },
    description: 'The user’s personal access tokens, newest first, for administrators.',
    resolve: (user, _args, { loaders }) => loaders.tokensOf.load(user.id),
  }),
);
