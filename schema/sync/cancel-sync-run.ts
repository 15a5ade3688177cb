import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { cancelSyncRun } from '../../src/sync/cancel-sync-run.ts';
import type { SyncRun as SyncRunRow } from '../../src/sync/sync-run.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { SyncRun } from './sync-run.ts';

const CancelSyncRunInput = builder.inputType('CancelSyncRunInput', {
  description: 'Which run to stop.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id of the run.' }) }),
});

const CancelSyncRunPayload = builder.objectRef<{ run: SyncRunRow }>('CancelSyncRunPayload').implement({
  description: 'The run that was cancelled.',
  fields: (t) => ({ run: t.expose('run', { type: SyncRun, description: 'The run; it has ended.' }) }),
});

builder.mutationField('cancelSyncRun', (t) =>
  t.field({
    type: CancelSyncRunPayload,
    nullable: true,
    description: 'Stops a queued or running run. Nothing of it is published; its tables keep their last good rows.',
    authScopes: cancelSyncRun.rule,
    args: { input: t.arg({ type: CancelSyncRunInput, required: true, description: 'Which run.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      run: await context.run(cancelSyncRun, { id: storedId('SyncRun', input.id) }),
    }),
  }),
);
