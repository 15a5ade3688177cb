import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { deleteSource, SourceHasTablesError } from '../../src/sync/delete-source.ts';
import type { RemovedWithTables as RemovedValue } from '../../src/sync/remove-tables.ts';
import { builder } from '../builder.ts';
import { ErrorInterface } from '../errors.ts';
import { storedId } from '../global-id.ts';
import { Table } from '../registry/table.ts';
import { RemovedWithTables } from './removed-with-tables.ts';

builder.objectType(SourceHasTablesError, {
  name: 'SourceHasTablesError',
  description: 'The source has tables, and nobody said that they are to go along.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    tables: t.field({ type: [Table], description: 'The tables that would go.', resolve: ({ tables }) => [...tables] }),
    wouldRemove: t.field({
      type: RemovedWithTables,
      description: 'What would be lost with them.',
      resolve: ({ wouldRemove }) => wouldRemove,
    }),
  }),
});

const DeleteSourceInput = builder.inputType('DeleteSourceInput', {
  description: 'Which source goes.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global id of the source.' }),
    removeTables: t.boolean({
      description: 'Whether its tables go along, with their grants and files; false unless given.',
    }),
  }),
});

interface DeleteSourcePayloadValue {
  id: string;
  name: string;
  removed: RemovedValue;
}

const DeleteSourcePayload = builder.objectRef<DeleteSourcePayloadValue>('DeleteSourcePayload').implement({
  description: 'What is gone.',
  fields: (t) => ({
    id: t.id({ description: 'Global id of the source that was.', resolve: ({ id }) => `Source:${id}` }),
    name: t.exposeString('name', { description: 'What it was called; the name is free.' }),
    removed: t.expose('removed', { type: RemovedWithTables, description: 'What went along with it.' }),
  }),
});

builder.mutationField('deleteSource', (t) =>
  t.field({
    type: DeleteSourcePayload,
    nullable: true,
    description: 'Removes a source; with its tables only when asked to. Refused while a run of it is on its way.',
    authScopes: deleteSource.rule,
    args: { input: t.arg({ type: DeleteSourceInput, required: true, description: 'Which source.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError, SourceHasTablesError] },
    resolve: async (_root, { input }, context) => {
      const { source, removed } = await context.run(deleteSource, { ...input, id: storedId('Source', input.id) });
      return { id: source.id, name: source.name, removed };
    },
  }),
);
