import type { User as UserRow } from '../../src/people/user.ts';
import { listUsers } from '../../src/people/read-users.ts';
import { EffectiveRole } from '../access/effective-role.ts';
import { RoleGrant } from '../access/role-grant.ts';
import { coreRoleOf, Role } from '../access/role.ts';
import { builder } from '../builder.ts';
import { readPage, textKey } from '../paging.ts';

/** Fields that a `User` and the `Viewer` share. */
export const Person = builder.interfaceRef<UserRow>('Person').implement({
  description: 'Somebody we know, as an administrator or as they themselves see them.',
  fields: (t) => ({
    email: t.exposeString('email', { description: 'In lower case, unique.' }),
    name: t.exposeString('name', { nullable: true, description: 'What the person is called.' }),
    active: t.exposeBoolean('active', { description: 'Whether the person may sign in; without it no role counts.' }),
    coreRole: t.field({
      type: Role,
      nullable: true,
      description: 'The highest of the four core roles in effect.',
      resolve: (user, _args, { services }) => coreRoleOf(services, user.id),
    }),
    effectiveRoles: t.field({
      type: [EffectiveRole],
      description: 'Every role in effect, with what gave it.',
      resolve: (user, _args, { services }) => services.accessIndex.effectiveRoles(user.id),
    }),
    roleGrants: t.field({
      type: [RoleGrant],
      description: 'The roles given directly.',
      resolve: (user, _args, { services }) => services.accessIndex.grantsOf(user.id),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the user was made.' }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the person last signed in.',
    }),
  }),
});

export const User = builder.objectRef<UserRow>('User');

builder.node(User, {
  description: 'Somebody we know.',
  interfaces: [Person],
  authScopes: { signedIn: true },
  runScopesOnType: true,
  id: { resolve: (user) => user.id, description: 'Global id.' },
});

const UserConnection = builder.connectionObject(
  { type: User, name: 'UserConnection', description: 'A page of users.' },
  { name: 'UserEdge', description: 'A user at its place in the list.' },
);

builder.queryField('users', (t) =>
  t.field({
    type: UserConnection,
    nullable: true,
    description: 'All users, by e-mail address.',
    authScopes: { role: 'core.admin' },
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
    },
    resolve: (_root, args, { services }) =>
      readPage(args, {
        key: textKey,
        list: (limit, after) => listUsers(services, { limit, after }),
        keyOf: (user) => user.email,
      }),
  }),
);
