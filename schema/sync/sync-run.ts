import { findSyncRun, listSyncRuns } from '../../src/sync/read-sync-runs.ts';
import {
  durationMs,
  type SyncRun as SyncRunRow,
  type SyncRunTable as SyncRunTableRow,
} from '../../src/sync/sync-run.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { atKey, pageSize, readPage } from '../paging.ts';
import { Source } from '../registry/source.ts';
import { Table } from '../registry/table.ts';

export const SyncRunState = builder.enumType('SyncRunState', {
  description: 'Where a run is.',
  values: {
    QUEUED: { value: 'queued', description: 'It waits for its turn.' },
    RUNNING: { value: 'running', description: 'It extracts tables.' },
    SUCCEEDED: { value: 'succeeded', description: 'Every table was published.' },
    PARTIAL: { value: 'partial', description: 'Some tables were published, some failed.' },
    FAILED: { value: 'failed', description: 'Nothing was published; the last good data stays.' },
    CANCELLED: { value: 'cancelled', description: 'Somebody stopped it.' },
  } as const,
});

const SyncRunTableState = builder.enumType('SyncRunTableState', {
  description: 'Where one table of a run is.',
  values: {
    QUEUED: { value: 'queued', description: 'Its turn has not come.' },
    RUNNING: { value: 'running', description: 'It is being extracted.' },
    SUCCEEDED: { value: 'succeeded', description: 'It was extracted.' },
    FAILED: { value: 'failed', description: 'It could not be extracted.' },
    CANCELLED: { value: 'cancelled', description: 'The run was cancelled before its turn was over.' },
  } as const,
});

export const SyncRunTable = builder.objectRef<SyncRunTableRow>('SyncRunTable').implement({
  description: 'What became of one table in a run.',
  fields: (t) => ({
    table: t.field({
      type: Table,
      nullable: true,
      description: 'The table.',
      resolve: (entry, _args, { services }) => services.registry.table(entry.tableId),
    }),
    state: t.field({ type: SyncRunTableState, description: 'Where it is.', resolve: (entry) => entry.state }),
    attempts: t.exposeInt('attempts', {
      description: 'How often its extraction was begun: a fault that may pass is tried again, three times in all.',
    }),
    rows: t.expose('rows', { type: 'BigInt', nullable: true, description: 'How many rows it has now.' }),
    sizeBytes: t.expose('sizeBytes', { type: 'BigInt', nullable: true, description: 'How large its files are.' }),
    bytesBilled: t.expose('bytesBilled', {
      type: 'BigInt',
      nullable: true,
      description: 'How many bytes its source charged for in the attempt that went well; null when it does not tell.',
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When its turn came.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    durationMs: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'How many milliseconds its turn took, with every attempt; null before its end.',
      resolve: durationMs,
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed.' }),
  }),
});

export const SyncRun = builder.objectRef<SyncRunRow>('SyncRun');

builder.node(SyncRun, {
  description: 'One execution for a source or some of its tables.',
  authScopes: { role: 'core.admin' },
  runScopesOnType: true,
  node: { rule: { role: 'core.admin' }, load: (id, { services }) => findSyncRun(services, id) },
  id: { resolve: (run) => run.id, description: 'Global id.' },
  fields: (t) => ({
    source: t.field({
      type: Source,
      nullable: true,
      description: 'What is synced.',
      resolve: (run, _args, { services }) => services.registry.source(run.sourceId),
    }),
    state: t.field({ type: SyncRunState, description: 'Where it is.', resolve: (run) => run.state }),
    requestedBy: t.exposeString('requestedBy', {
      description:
        'The e-mail address of who asked for it; `schedule` when its tables or tasks were due, `webhook` when events waited.',
    }),
    fullRefresh: t.exposeBoolean('fullRefresh', {
      description: 'Whether it takes all rows, also of tables with a watermark.',
    }),
    tasks: t.exposeStringList('tasks', {
      nullable: true,
      description: 'The tasks of the source that it is about, besides what its webhook told; null: the whole source.',
    }),
    report: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What the connector tells of it, such as what a consistency check found; its README says more.',
      resolve: ({ report }) => report,
    }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When its turn came.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    durationMs: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'How many milliseconds it took from its start; null before its end, and when it never started.',
      resolve: durationMs,
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why the whole run failed.' }),
    tables: t.field({
      type: [SyncRunTable],
      description: 'Its tables and what became of each.',
      args: { only: t.arg.id({ description: 'Only this table (global id).' }) },
      async resolve(run, { only }, { loaders }) {
        const tables = await loaders.syncRunTables.load(run.id);
        return only == null ? tables : tables.filter(({ tableId }) => tableId === storedId('Table', only));
      },
    }),
    progress: t.float({
      description: 'How much of its tables is done, 0 to 1.',
      resolve: async (run, _args, { loaders }) => {
        const tables = await loaders.syncRunTables.load(run.id);
        const done = tables.filter((table) => table.finishedAt !== null).length;
        return tables.length === 0 ? 1 : done / tables.length;
      },
    }),
  }),
});

const SyncRunConnection = builder.connectionObject(
  { type: SyncRun, name: 'SyncRunConnection', description: 'A page of runs.' },
  { name: 'SyncRunEdge', description: 'A run at its place in the list.' },
);

builder.queryField('syncRuns', (t) =>
  t.field({
    type: SyncRunConnection,
    nullable: true,
    description: 'Runs, newest first.',
    authScopes: { role: 'core.admin' },
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
      source: t.arg.string({ description: 'Only runs of the source with this name.' }),
      state: t.arg({ type: SyncRunState, description: 'Only runs that are in this state.' }),
      table: t.arg.id({ description: 'Only runs that have this table (global id).' }),
    },
    resolve: (_root, args, { services }) => {
      const sourceId = args.source == null ? undefined : (services.registry.sourceByName(args.source)?.id ?? 'none');
      const tableId = args.table == null ? undefined : storedId('Table', args.table);
      const filter = { sourceId, tableId, state: args.state ?? undefined };
      return readPage(args, {
        key: atKey,
        list: (limit, after) =>
          listSyncRuns(services, { ...filter, limit, before: after && { at: new Date(after.at), id: after.id } }),
        keyOf: ({ queuedAt, id }) => ({ at: queuedAt.getTime(), id }),
      });
    },
  }),
);

builder.queryField('syncRun', (t) =>
  t.field({
    type: SyncRun,
    nullable: true,
    description: 'The run with this id; null when there is none.',
    authScopes: { role: 'core.admin' },
    args: { id: t.arg.id({ required: true, description: 'Global id of the run.' }) },
    resolve: (_root, { id }, { services }) => findSyncRun(services, storedId('SyncRun', id)),
  }),
);

builder.objectField(Table, 'syncRuns', (t) =>
  t.field({
    type: [SyncRun],
    nullable: true,
    description: 'The last runs that have this table, newest first.',
    authScopes: { role: 'core.admin' },
    args: { first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }) },
    resolve: (table, { first }, { loaders }) =>
      loaders.runHistories.load({ tableId: table.id, limit: pageSize(first) }),
  }),
);
