import { NotFoundError } from '../../src/kernel/errors.ts';
import type { Table as TableRow } from '../../src/registry/table.ts';
import type { SyncEvent as SyncEventPayload } from '../../src/sync/sync-event.ts';
import { syncTopic } from '../../src/sync/sync-event.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { Table } from '../registry/table.ts';
import { SyncRunState } from './sync-run.ts';

/** An event with its place in the outbox, as the hub hands it to `resolve`. */
type SyncEventValue = SyncEventPayload & { seq: number; at: Date };

type Kind = SyncEventPayload['kind'];

const typeNames: Record<Exclude<Kind, 'queued'>, string> = {
  started: 'SyncStarted',
  progress: 'SyncProgress',
  tablePublished: 'SyncTablePublished',
  tableFailed: 'SyncTableFailed',
  generationPublished: 'GenerationPublished',
  finished: 'SyncFinished',
};

const SyncEvent = builder.interfaceRef<SyncEventValue>('SyncEvent').implement({
  description: 'Something that happened in a run.',
  resolveType: ({ kind }) => (kind === 'queued' ? null : typeNames[kind]),
  fields: (t) => ({
    id: t.id({ description: 'Rises with each event; what `after` takes.', resolve: ({ seq }) => String(seq) }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was committed.' }),
    runId: t.id({ description: 'Global id of the run.', resolve: ({ runId }) => `SyncRun:${runId}` }),
    source: t.string({
      description: 'The name of the source.',
      resolve: ({ sourceId }, _args, { services }) => services.registry.source(sourceId)?.name ?? '',
    }),
  }),
});

function tableOf(event: SyncEventValue, { services }: Context): TableRow {
  const table = 'tableId' in event ? services.registry.table(event.tableId) : null;
  if (!table) throw new NotFoundError('The table is gone.');
  return table;
}

builder.objectRef<SyncEventValue>('SyncStarted').implement({
  description: 'A run began.',
  interfaces: [SyncEvent],
});

const SyncTableEvent = builder.interfaceRef<SyncEventValue>('SyncTableEvent').implement({
  description: 'Something that happened to one table in a run.',
  interfaces: [SyncEvent],
  fields: (t) => ({
    table: t.field({
      type: Table,
      description: 'The table, as it is now.',
      resolve: (event, _args, context) => tableOf(event, context),
    }),
  }),
});

builder.objectRef<SyncEventValue>('SyncProgress').implement({
  description: 'A table’s turn came.',
  interfaces: [SyncEvent, SyncTableEvent],
});

builder.objectRef<SyncEventValue>('SyncTablePublished').implement({
  description: 'A table holds new rows; the next statement sees them.',
  interfaces: [SyncEvent, SyncTableEvent],
});

builder.objectRef<SyncEventValue>('SyncTableFailed').implement({
  description: 'A table could not be extracted; it keeps the rows of its last good sync.',
  interfaces: [SyncEvent, SyncTableEvent],
  fields: (t) => ({
    message: t.string({
      description: 'What is wrong and where, such as the file and the line.',
      resolve: (event) => (event.kind === 'tableFailed' ? event.message : ''),
    }),
  }),
});

builder.objectRef<SyncEventValue>('GenerationPublished').implement({
  description: 'Everything that the run brought is queryable, as one.',
  interfaces: [SyncEvent],
  fields: (t) => ({
    generation: t.string({
      description: 'The content id of what all tables hold now; equal ids mean equal contents.',
      resolve: (_event, _args, { services }) => services.generations.current(),
    }),
  }),
});

builder.objectRef<SyncEventValue>('SyncFinished').implement({
  description: 'A run ended.',
  interfaces: [SyncEvent],
  fields: (t) => ({
    state: t.field({
      type: SyncRunState,
      description: 'How it ended.',
      resolve: (event) => (event.kind === 'finished' ? event.state : 'failed'),
    }),
  }),
});

interface SyncEventsArgs {
  sources?: string[] | null;
  tables?: string[] | null;
  after?: string | null;
}

builder.subscriptionField('syncEvents', (t) =>
  t.field({
    type: SyncEvent,
    nullable: true,
    description:
      'What happens in runs, as it happens. One hears of a table if one may read it at that moment, and of a run if one may read any table of its source.',
    authScopes: { role: 'core.viewer' },
    args: {
      sources: t.arg.stringList({ description: 'Only of the sources with these names.' }),
      after: t.arg.id({
        description:
          'The `id` of the last event seen: everything after it that one may see now comes first, then what happens. Events are kept for 7 days; an older one is refused with EVENTS_EXPIRED.',
      }),
      tables: t.arg.idList({ description: 'Of tables, only these (global ids); runs are told as well.' }),
    },
    source: { topic: syncTopic, visible: isVisible },
    subscribe: () => {
      throw new Error('subscriptions are fed by the hub');
    },
    resolve: (event) => event as SyncEventValue,
  }),
);

function isVisible(
  event: { payload: SyncEventPayload },
  args: SyncEventsArgs,
  { services, principal }: Context,
): boolean {
  const { payload } = event;
  if (payload.kind === 'queued' || principal === null) return false;
  const source = services.registry.source(payload.sourceId);
  if (!source || (args.sources && !args.sources.includes(source.name))) return false;
  const readable = services.tableAccess.readableSet(principal);
  if ('tableId' in payload) {
    if (args.tables && !args.tables.includes(`Table:${payload.tableId}`)) return false;
    return readable.has(payload.tableId);
  }
  return services.registry.tablesOf(source.id).some((table) => readable.has(table.id));
}
