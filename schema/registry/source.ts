import type { Source as SourceRow } from '../../src/registry/source.ts';
import { builder } from '../builder.ts';
import { Table } from './table.ts';

export const Source = builder.objectRef<SourceRow>('Source');

builder.node(Source, {
  description: 'A configured instance of a connector.',
  authScopes: { role: 'core.admin' },
  runScopesOnType: true,
  node: { rule: { role: 'core.admin' }, load: (id, { services }) => services.registry.source(id) },
  id: { resolve: (source) => source.id, description: 'Global id.' },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Unique; the first part of its tables’ SQL names.' }),
    connector: t.exposeString('connector', { description: 'The kind of system it is.' }),
    config: t.expose('config', { type: 'JSON', description: 'What the connector was told; never a secret.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    tables: t.field({
      type: [Table],
      description: 'Its registered tables, by SQL name.',
      resolve: (source, _args, { services }) => services.registry.tablesOf(source.id),
    }),
  }),
});

builder.queryField('sources', (t) =>
  t.field({
    type: [Source],
    nullable: true,
    description: 'All sources, by name.',
    authScopes: { role: 'core.admin' },
    resolve: (_root, _args, { services }) => services.registry.sources(),
  }),
);

builder.queryField('source', (t) =>
  t.field({
    type: Source,
    nullable: true,
    description: 'The source with this name; null when there is none.',
    authScopes: { role: 'core.admin' },
    args: { name: t.arg.string({ required: true, description: 'Such as `shop`.' }) },
    resolve: (_root, { name }, { services }) => services.registry.sourceByName(name),
  }),
);
