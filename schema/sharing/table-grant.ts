import type { TableGrant as TableGrantRow } from '../../src/sharing/table-grant.ts';
import { Role } from '../access/role.ts';
import { builder } from '../builder.ts';
import { User } from '../people/user.ts';
import { Source } from '../registry/source.ts';
import { Table } from '../registry/table.ts';

export const GrantEffect = builder.enumType('GrantEffect', {
  description: 'What a table grant does; a denial wins over every permission.',
  values: {
    ALLOW: { value: 'allow', description: 'May read.' },
    DENY: { value: 'deny', description: 'Must not read.' },
  } as const,
});

export const TableGrant = builder.objectRef<TableGrantRow>('TableGrant');

builder.node(TableGrant, {
  description:
    'A user or a role may, or must not, read a table, or every table of a bucket or of a source, those registered later too.',
  authScopes: { role: 'core.admin' },
  runScopesOnType: true,
  node: { rule: { role: 'core.admin' }, load: (id, { services }) => services.tableAccess.grant(id) },
  id: { resolve: (grant) => grant.id, description: 'Global id.' },
  fields: (t) => ({
    table: t.field({
      type: Table,
      nullable: true,
      description: 'The table it is about, when it is about one.',
      resolve: ({ scope }, _args, { services }) =>
        scope.kind === 'table' ? services.registry.table(scope.tableId) : null,
    }),
    source: t.field({
      type: Source,
      nullable: true,
      description: 'The source it is about, when it is about one or about a bucket of it.',
      resolve: ({ scope }, _args, { services }) =>
        scope.kind === 'table' ? null : services.registry.source(scope.sourceId),
    }),
    bucket: t.string({
      nullable: true,
      description: 'The bucket of the source that it is about, when it is about one.',
      resolve: ({ scope }) => (scope.kind === 'bucket' ? scope.bucket : null),
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
    startsAt: t.expose('startsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on it counts; null: since it was given.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on it counts no longer; null: it has no end.',
    }),
  }),
});

builder.objectField(Table, 'tableGrants', (t) =>
  t.field({
    type: [TableGrant],
    nullable: true,
    description:
      'Every grant that covers this table: those on the table, on its bucket, on its source, oldest first in each; whether they count now or not.',
    authScopes: { role: 'core.admin' },
    resolve: (table, _args, { services }) => services.tableAccess.grantsOn(table.id),
  }),
);

builder.objectField(Source, 'tableGrants', (t) =>
  t.field({
    type: [TableGrant],
    description: 'Every grant on this source as a whole or on a bucket of it, oldest first.',
    resolve: (source, _args, { services }) => services.tableAccess.grantsOnSource(source.id),
  }),
);
