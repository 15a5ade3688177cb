import { deleteSource } from '../../src/sync/delete-source.ts';
import { previewSourceRemoval, previewTableRemoval } from '../../src/sync/preview-removal.ts';
import { unregisterTable } from '../../src/sync/unregister-table.ts';
import { builder } from '../builder.ts';
import { RemovedWithTables } from './removed-with-tables.ts';

builder.queryField('sourceRemoval', (t) =>
  t.field({
    type: RemovedWithTables,
    nullable: true,
    description:
      'What `deleteSource` would remove along with this source and its tables now; null when there is no such source.',
    authScopes: deleteSource.rule,
    args: { id: t.arg.id({ required: true, description: 'Global id of the source.' }) },
    resolve: (_root, { id }, { services }) => {
      const source = id.startsWith('Source:') ? services.registry.source(id.slice('Source:'.length)) : null;
      return source && previewSourceRemoval(services.store.db, services, source);
    },
  }),
);

builder.queryField('tableRemoval', (t) =>
  t.field({
    type: RemovedWithTables,
    nullable: true,
    description: 'What `unregisterTable` would remove along with this table now; null when there is no such table.',
    authScopes: unregisterTable.rule,
    args: { id: t.arg.id({ required: true, description: 'Global id of the table.' }) },
    resolve: (_root, { id }, { services }) => {
      const table = id.startsWith('Table:') ? services.registry.table(id.slice('Table:'.length)) : null;
      return table && previewTableRemoval(services, table);
    },
  }),
);
