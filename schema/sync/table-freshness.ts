import { tableFreshness, type TableFreshness as TableFreshnessValue } from '../../src/sync/table-freshness.ts';
import { builder } from '../builder.ts';
import { pageSize } from '../paging.ts';
import { readableTables, Table } from '../registry/table.ts';

const TableFreshness = builder.objectRef<TableFreshnessValue>('TableFreshness').implement({
  description: 'How fresh the tables are that the viewer may read.',
  fields: (t) => ({
    okCount: t.int({
      description: 'How many were published by their last sync.',
      resolve: ({ counts }) => counts.ok,
    }),
    failedCount: t.int({ description: 'How many failed in their last sync.', resolve: ({ counts }) => counts.failed }),
    runningCount: t.int({ description: 'How many are being synced.', resolve: ({ counts }) => counts.running }),
    neverCount: t.int({ description: 'How many were never synced.', resolve: ({ counts }) => counts.never }),
    changedLast: t.field({
      type: [Table],
      description: 'Those whose rows changed last, newest first; none whose rows stay in another system.',
      args: { first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }) },
      resolve: ({ changedLastFirst }, { first }) => changedLastFirst.slice(0, pageSize(first)),
    }),
    oldest: t.field({
      type: Table,
      nullable: true,
      description: 'The one whose rows were published before those of all others; null where none holds rows.',
      resolve: ({ oldest }) => oldest,
    }),
    failing: t.field({
      type: [Table],
      description: 'Those whose last sync failed, by SQL name.',
      args: { first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }) },
      resolve: ({ failing }, { first }) => failing.slice(0, pageSize(first)),
    }),
  }),
});

builder.queryField('tableFreshness', (t) =>
  t.field({
    type: TableFreshness,
    nullable: true,
    description: 'How fresh the tables are that the viewer may read, counted and put in order.',
    authScopes: { role: 'core.viewer' },
    resolve: (_root, _args, { services, principal }) => tableFreshness(services, readableTables(services, principal!)),
  }),
);
