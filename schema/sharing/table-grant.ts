import { findTableGrant } from '../../src/sharing/read-table-grants.ts';
import type { StoredTableGrant } from '../../src/sharing/stored-table-grant.ts';
import { Role } from '../access/role.ts';
import { builder } from '../builder.ts';
import { User } from '../people/user.ts';
import { Table } from '../registry/table.ts';

export const GrantEffect = builder.enumType('GrantEffect', {
  description: 'What a table grant does; a denial wins over every permission.',
  values: {
    ALLOW: { value: 'allow', description: 'May read.' },
    DENY: { value: 'deny', description: 'Must not read.' },
  } as const,
});

export const TableGrant = builder.objectRef<StoredTableGrant>('TableGrant');

builder.node(TableGrant, {
  description: 'A user or a role may, or must not, read a table.',
  authScopes: { role: 'core.admin' },
  runScopesOnType: true,
  node: { rule: { role: 'core.admin' }, load: (id, { services }) => findTableGrant(services, id) },
  id: { resolve: (grant) => grant.id, description: 'Global id.' },
  fields: (t) => ({
    table: t.field({
      type: Table,
      nullable: true,
      description: 'The table it is about.',
      resolve: (grant, _args, { services }) => services.registry.table(grant.tableId),
    }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The user it is for, when it is for one.',
      resolve: (grant, _args, { loaders }) =>
        grant.granteeKind === 'user' ? loaders.users.load(grant.granteeId) : null,
    }),
    role: t.field({
      type: Role,
      nullable: true,
      description: 'The role whose holders it is for, when it is for a role.',
      resolve: (grant, _args, { services }) =>
        (grant.granteeKind === 'role' && services.accessIndex.role(grant.granteeId)) || null,
    }),
    effect: t.field({ type: GrantEffect, description: 'What it does.', resolve: (grant) => grant.effect }),
    grantedBy: t.exposeString('grantedBy', { description: 'The e-mail address of who gave it.' }),
    grantedAt: t.expose('grantedAt', { type: 'DateTime', description: 'When it was given.' }),
  }),
});

builder.objectField(Table, 'tableGrants', (t) =>
  t.field({
    type: [TableGrant],
    nullable: true,
    description: 'Who was given, or denied, this table, oldest first.',
    authScopes: { role: 'core.admin' },
    resolve: (table, _args, { loaders }) => loaders.tableGrants.load(table.id),
  }),
);
