import { comingTurns, type ComingTurn } from '../../src/sync/coming-turns.ts';
import { builder } from '../builder.ts';
import { pageSize } from '../paging.ts';
import { Source } from '../registry/source.ts';
import { Table } from '../registry/table.ts';
import { SyncRun } from './sync-run.ts';

const dayMilliseconds = 24 * 3_600_000;

const DueTime = builder.objectRef<ComingTurn>('DueTime').implement({
  description: 'An instant at which schedules want something of a source.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When; now for what is overdue.' }),
    tables: t.field({
      type: [Table],
      description: 'The tables that are due.',
      args: { first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }) },
      resolve: ({ tables }, { first }) => tables.slice(0, pageSize(first)),
    }),
    tableCount: t.int({ description: 'How many tables are due.', resolve: ({ tables }) => tables.length }),
    tasks: t.exposeStringList('tasks', { description: 'The tasks of the source that are due.' }),
  }),
});

builder.objectFields(Source, (t) => ({
  lastRun: t.field({
    type: SyncRun,
    nullable: true,
    description: 'The run of it that was asked for last; null when there was none.',
    resolve: async ({ id }, _args, { loaders }) => (await loaders.runHistories.load({ sourceId: id }))[0],
  }),
  dueTimes: t.field({
    type: [DueTime],
    description:
      'When schedules want something of it in the next 24 hours, the soonest first, reckoned as if each turn were taken on in time.',
    args: { first: t.arg.int({ description: 'How many instants at most, 1 to 500; 50 unless given.' }) },
    resolve: (source, { first }, { services }) =>
      comingTurns(services, {
        source,
        before: new Date(services.clock.now().getTime() + dayMilliseconds),
        limit: pageSize(first),
      }),
  }),
}));
