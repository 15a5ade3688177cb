import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import type { RemovedWithTables as RemovedValue } from '../../src/sync/remove-tables.ts';
import { unregisterTable } from '../../src/sync/unregister-table.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { RemovedWithTables } from './removed-with-tables.ts';

const UnregisterTableInput = builder.inputType('UnregisterTableInput', {
  description: 'Which table goes.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id of the table.' }) }),
});

interface UnregisterTablePayloadValue {
  id: string;
  sqlName: string;
  removed: RemovedValue;
}

const UnregisterTablePayload = builder.objectRef<UnregisterTablePayloadValue>('UnregisterTablePayload').implement({
  description: 'What is gone.',
  fields: (t) => ({
    id: t.id({ description: 'Global id of the table that was.', resolve: ({ id }) => `Table:${id}` }),
    sqlName: t.exposeString('sqlName', { description: 'How statements named it; the name is free.' }),
    removed: t.expose('removed', { type: RemovedWithTables, description: 'What went along with it.' }),
  }),
});

builder.mutationField('unregisterTable', (t) =>
  t.field({
    type: UnregisterTablePayload,
    nullable: true,
    description:
      'Removes a table with its grants and what it holds; it is gone for everybody from the answer on. Refused while a run over it is on its way. Past runs keep their figures.',
    authScopes: unregisterTable.rule,
    args: { input: t.arg({ type: UnregisterTableInput, required: true, description: 'Which table.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const { table, removed } = await context.run(unregisterTable, { id: storedId('Table', input.id) });
      return { id: table.id, sqlName: table.sqlName, removed };
    },
  }),
);
