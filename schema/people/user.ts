import type { User as UserRow } from '../../src/people/user.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { listUsers, readUserByEmail } from '../../src/people/read-users.ts';
import { builder } from '../builder.ts';
import { atKey, readPage, textKey } from '../paging.ts';
import { asGraphQLError } from '../rules.ts';

/** Fields that a `User` and the `Viewer` share. */
export const Person = builder.interfaceRef<UserRow>('Person').implement({
  description: 'Somebody we know, as an administrator or as they themselves see them.',
  fields: (t) => ({
    email: t.exposeString('email', { description: 'In lower case, unique.' }),
    name: t.exposeString('name', { nullable: true, description: 'What the person is called.' }),
    active: t.exposeBoolean('active', { description: 'Whether the person may sign in; without it no role counts.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the user was made.' }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the person was last here with a session or a token; written about once a minute.',
    }),
  }),
});

export const User = builder.objectRef<UserRow>('User');

builder.node(User, {
  description: 'Somebody we know.',
  interfaces: [Person],
  authScopes: { signedIn: true },
  runScopesOnType: true,
  node: { rule: { role: 'core.admin' }, load: (id, { loaders }) => loaders.users.load(id) },
  id: { resolve: (user) => user.id, description: 'Global id.' },
  fields: (t) => ({
    hasPassword: t.boolean({
      nullable: true,
      authScopes: { role: 'core.admin' },
      description: 'Whether the user has a password, for administrators; who has none can be invited.',
      resolve: (user, _args, { loaders }) => loaders.havePassword.load(user.id),
    }),
  }),
});

const UserSort = builder.enumType('UserSort', {
  description: 'In which order users are listed.',
  values: {
    EMAIL: { value: 'email', description: 'By e-mail address.' },
    CREATED: { value: 'createdAt', description: 'The newest first.' },
    LAST_SEEN: { value: 'lastSeenAt', description: 'Who was here last first, and who never was at the end.' },
  } as const,
});

const UserConnection = builder.connectionObject(
  { type: User, name: 'UserConnection', description: 'A page of users.' },
  { name: 'UserEdge', description: 'A user at its place in the list.' },
);

builder.queryField('user', (t) =>
  t.field({
    type: User,
    nullable: true,
    description: 'The user with this id or this e-mail address; null when there is none.',
    authScopes: { role: 'core.admin' },
    args: {
      id: t.arg.id({ description: 'Global id of the user. Give this or `email`.' }),
      email: t.arg.string({ description: 'In whatever case it is written. Give this or `id`.' }),
    },
    resolve(_root, { id, email }, { services, loaders }) {
      if (id != null && email == null) return id.startsWith('User:') ? loaders.users.load(id.slice(5)) : null;
      if (email != null && id == null) return readUserByEmail(services, email);
      throw asGraphQLError(new InvalidInputError([{ path: 'id', message: 'Give either id or email.' }]));
    },
  }),
);

builder.queryField('users', (t) =>
  t.field({
    type: UserConnection,
    nullable: true,
    description: 'All users, by e-mail address unless another order is asked for.',
    authScopes: { role: 'core.admin' },
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
      search: t.arg.string({ description: 'Only users whose e-mail address or name contains this text.' }),
      sort: t.arg({ type: UserSort, description: 'In which order; `EMAIL` unless given.' }),
    },
    resolve(_root, args, { services }) {
      const search = args.search ?? undefined;
      const order = args.sort ?? 'email';
      if (order === 'email') {
        return readPage(args, {
          key: textKey,
          list: (limit, after) => listUsers(services, { limit, search, order, after }),
          keyOf: (user) => user.email,
        });
      }
      return readPage(args, {
        key: atKey,
        list: (limit, after) =>
          listUsers(services, { limit, search, order, after: after && { at: new Date(after.at), id: after.id } }),
        keyOf: (user) => ({ at: user[order]?.getTime() ?? 0, id: user.id }),
      });
    },
  }),
);
