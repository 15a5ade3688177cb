import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import type { SyncRun as SyncRunRow } from '../../src/sync/sync-run.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { SyncRun } from './sync-run.ts';

const StartSyncInput = builder.inputType('StartSyncInput', {
  description: 'What to sync.',
  fields: (t) => ({
    source: t.string({ required: true, description: 'The name of the source.' }),
    tables: t.idList({ description: 'Global ids of the tables; all of the source unless given.' }),
    fullRefresh: t.boolean({
      description: 'Whether tables with a watermark are taken anew with all their rows; false unless given.',
    }),
    tasks: t.stringList({
      description: 'Only these tasks of the source, besides what its webhook told; the whole source unless given.',
    }),
  }),
});

const StartSyncPayload = builder.objectRef<{ run: SyncRunRow }>('StartSyncPayload').implement({
  description: 'The run that was queued.',
  fields: (t) => ({ run: t.expose('run', { type: SyncRun, description: 'Follow it by `syncEvents`.' }) }),
});

builder.mutationField('startSync', (t) =>
  t.field({
    type: StartSyncPayload,
    nullable: true,
    description: 'Queues a run and answers at once; a source has one run at a time.',
    authScopes: startSync.rule,
    args: { input: t.arg({ type: StartSyncInput, required: true, description: 'What to sync.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      run: await context.run(startSync, {
        source: input.source,
        tables: input.tables?.map((id) => storedId('Table', id)),
        fullRefresh: input.fullRefresh,
        tasks: input.tasks,
      }),
    }),
  }),
);
