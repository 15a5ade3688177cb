import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import type { Table as TableRow } from '../../src/registry/table.ts';
import { updateTable } from '../../src/registry/update-table.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { Table } from './table.ts';

const UpdateTableInput = builder.inputType('UpdateTableInput', {
  description: 'What is to be different; what is left out stays, and null clears what a table can be without.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global id of the table.' }),
    sqlName: t.string({ description: 'How statements name it from then on; statements with the old name fail.' }),
    alias: t.string({ description: 'A further, bare name for statements; null: none.' }),
    bucket: t.string({ description: 'The group it stands in at its source; null: none.' }),
    description: t.string({ description: 'What its rows are; null: nothing is said.' }),
    isPublic: t.boolean({ description: 'Whether every signed-in person may read it.' }),
    primaryKey: t.stringList({ description: 'The columns that tell rows apart; null or an empty list: none.' }),
    schedule: t.string({ description: 'When it is synced by itself, as `registerTable` takes it; null: never.' }),
    watermarkColumn: t.string({ description: 'A column that grows with each new row; null: all rows each time.' }),
    options: t.field({
      type: 'JSON',
      description: 'All that the connector needs to find and read it. The table keeps its rows until the next sync.',
    }),
  }),
});

interface UpdateTablePayloadValue {
  table: TableRow;
  optionsChanged: boolean;
}

const UpdateTablePayload = builder.objectRef<UpdateTablePayloadValue>('UpdateTablePayload').implement({
  description: 'The table as it is now.',
  fields: (t) => ({
    table: t.expose('table', { type: Table, description: 'The table as it is now.' }),
    optionsChanged: t.exposeBoolean('optionsChanged', {
      description: 'Whether the options are others now: the rows are those that the options before gave, until a sync.',
    }),
  }),
});

builder.mutationField('updateTable', (t) =>
  t.field({
    type: UpdateTablePayload,
    nullable: true,
    description: 'Changes what is given of a table; its names and its visibility count from the answer on.',
    authScopes: updateTable.rule,
    args: { input: t.arg({ type: UpdateTableInput, required: true, description: 'Which table, and what of it.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: (_root, { input }, context) =>
      context.run(updateTable, {
        ...input,
        id: storedId('Table', input.id),
        options: input.options as Record<string, unknown> | null | undefined,
      }),
  }),
);
