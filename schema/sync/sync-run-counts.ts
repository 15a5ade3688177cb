import type { SyncRunTable as SyncRunTableRow } from '../../src/sync/sync-run.ts';
import { builder } from '../builder.ts';
import { pageSize } from '../paging.ts';
import { SyncRun, SyncRunTable } from './sync-run.ts';

const SyncRunCounts = builder.objectRef<readonly SyncRunTableRow[]>('SyncRunCounts').implement({
  description: 'How many tables of a run are where.',
  fields: (t) => ({
    tables: t.int({ description: 'All of them.', resolve: (tables) => tables.length }),
    ended: t.int({
      description: 'Those that have ended, however they did.',
      resolve: (tables) => tables.filter(({ finishedAt }) => finishedAt !== null).length,
    }),
    failed: t.int({ description: 'Those that failed.', resolve: (tables) => failed(tables).length }),
  }),
});

builder.objectFields(SyncRun, (t) => ({
  counts: t.field({
    type: SyncRunCounts,
    description: 'How many of its tables are where.',
    resolve: (run, _args, { loaders }) => loaders.syncRunTables.load(run.id),
  }),
  failures: t.field({
    type: [SyncRunTable],
    description: 'Its tables that failed.',
    args: { first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }) },
    resolve: async (run, { first }, { loaders }) =>
      failed(await loaders.syncRunTables.load(run.id)).slice(0, pageSize(first)),
  }),
}));

function failed(tables: readonly SyncRunTableRow[]): SyncRunTableRow[] {
  return tables.filter(({ state }) => state === 'failed');
}
