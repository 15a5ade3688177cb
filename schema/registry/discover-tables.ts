import { discoverTables, type OfferedTable as OfferedTableValue } from '../../src/registry/discover-tables.ts';
import { builder } from '../builder.ts';
import { Table } from './table.ts';

const OfferedTable = builder.objectRef<OfferedTableValue>('OfferedTable').implement({
  description: 'A relation that a source offers.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'A name that is free for `registerTables`; the registered table’s own when there is one.',
    }),
    description: t.exposeString('description', { nullable: true, description: 'What its source says of it.' }),
    bucket: t.exposeString('bucket', { nullable: true, description: 'How its source groups it.' }),
    primaryKey: t.field({
      type: ['String'],
      description: 'The columns that tell its rows apart, as its source has them; empty when it tells none.',
      resolve: ({ primaryKey }) => [...primaryKey],
    }),
    options: t.expose('options', { type: 'JSON', description: 'What `registerTables` takes as options for it.' }),
    registered: t.field({
      type: [Table],
      description: 'The tables that read it already.',
      resolve: ({ registered }) => [...registered],
    }),
  }),
});

builder.queryField('discoverTables', (t) =>
  t.field({
    type: [OfferedTable],
    nullable: true,
    description:
      'What a source offers now, asked there, registered already or not; null when there is no such source. A source that cannot be asked is an error with the code `DISCOVERY_FAILED` and one sentence.',
    authScopes: { role: 'core.admin' },
    args: { source: t.arg.string({ required: true, description: 'The name of the source.' }) },
    resolve: (_root, { source }, { services, signal }) => discoverTables(services, { source, signal }),
  }),
);
