import { tableColumns, type TableColumn } from '../../src/sync/table-columns.ts';
import { versionOf } from '../../src/query/tables-read.ts';
import type { KeptTableState, TableFile as TableFileRow } from '../../src/sync/table-state.ts';
import { tableStatus, type TableStatus } from '../../src/sync/table-status.ts';
import { builder } from '../builder.ts';
import { Table } from '../registry/table.ts';

const DescriptionSource = builder.enumType('DescriptionSource', {
  description: 'Who said what a column means.',
  values: {
    MANUAL: { value: 'manual', description: 'A person, here.' },
    SOURCE: { value: 'source', description: 'The table’s source, at the last good sync.' },
  } as const,
});

const Column = builder.objectRef<TableColumn>('Column').implement({
  description: 'A column of a table.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As statements name it.' }),
    type: t.exposeString('type', { description: 'DuckDB’s type, such as `VARCHAR`.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it means.' }),
    descriptionSource: t.expose('descriptionSource', {
      type: DescriptionSource,
      nullable: true,
      description: 'Who said so; null where nobody did. What a person said counts before what the source says.',
    }),
  }),
});

export const TableFile = builder.objectRef<TableFileRow & { tableId: string }>('TableFile').implement({
  description: 'One immutable Parquet file of a table.',
  fields: (t) => ({
    sha256: t.exposeString('sha256', { description: 'Its content as a hash: the file’s name and ETag.' }),
    sizeBytes: t.expose('sizeBytes', { type: 'BigInt', description: 'How large it is.' }),
    rows: t.expose('rows', { type: 'BigInt', description: 'How many rows it holds.' }),
    partition: t.exposeString('partition', {
      nullable: true,
      description: 'The partition whose rows it holds; null in a table that has no partitions.',
    }),
  }),
});

const TableSyncStatus = builder.enumType('TableSyncStatus', {
  description: 'How a table’s last sync ended.',
  values: {
    NEVER: { value: 'never', description: 'It was never synced.' },
    RUNNING: { value: 'running', description: 'It is being synced.' },
    OK: { value: 'ok', description: 'It was published.' },
    FAILED: { value: 'failed', description: 'It failed; the rows are those of the last good sync.' },
  } as const,
});

interface TableSyncStateValue {
  status: TableStatus;
  state: KeptTableState | null;
}

const TableSyncState = builder.objectRef<TableSyncStateValue>('TableSyncState').implement({
  description: 'What a table holds now and how its last sync ended.',
  fields: (t) => ({
    status: t.field({
      type: TableSyncStatus,
      description: 'How the last sync ended.',
      resolve: (value) => value.status,
    }),
    lastSync: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the rows that it holds were published.',
      resolve: ({ state }) => state?.lastSyncAt,
    }),
    lastChange: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the rows that it holds last became others; a sync that brings the same ones does not count.',
      resolve: ({ state }) => state?.changedAt,
    }),
    rows: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'How many rows it holds; null where they stay in another system.',
      resolve: ({ state }) => state?.rows,
    }),
    sizeBytes: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'How large its files are; null where there are none.',
      resolve: ({ state }) => state?.sizeBytes,
    }),
    error: t.string({
      nullable: true,
      description: 'Why the last sync failed.',
      resolve: ({ state }) => state?.error,
    }),
  }),
});

builder.objectFields(Table, (t) => ({
  schedule: t.exposeString('schedule', {
    nullable: true,
    description:
      'When it is synced by itself: `every 15m`, `every 2h`, `daily 07:00,19:30` (UTC), or five cron fields (UTC). Null: only when somebody asks.',
  }),
  watermarkColumn: t.exposeString('watermarkColumn', {
    nullable: true,
    description: 'The column by which a sync tells new rows; null: it takes all rows each time.',
  }),
  nextDueAt: t.field({
    type: 'DateTime',
    nullable: true,
    description:
      'When its schedule wants it next, reckoned from when a run last took it on; in the past while it waits for its turn.',
    resolve: (table, _args, { services }) => services.turns.dueAt(table),
  }),
  columns: t.field({
    type: [Column],
    description: 'Its columns, as of the last good sync.',
    resolve: (table, _args, { services }) => tableColumns(services, table),
  }),
  files: t.field({
    type: [TableFile],
    description: 'The files it consists of now; none when its rows stay in another system.',
    resolve: ({ id }, _args, { services }) =>
      (services.generations.state(id)?.files ?? []).map((file) => ({ ...file, tableId: id })),
  }),
  version: t.string({
    nullable: true,
    description:
      'Names what it holds by the hashes of its files: equal contents have equal versions. Null where there are no files.',
    resolve: (table, _args, { services }) => versionOf(services.generations.state(table.id)).version,
  }),
  syncState: t.field({
    type: TableSyncState,
    description: 'What it holds now and how its last sync ended.',
    resolve: ({ id }, _args, { services }) => ({
      status: tableStatus(services, id),
      state: services.generations.state(id),
    }),
  }),
}));
