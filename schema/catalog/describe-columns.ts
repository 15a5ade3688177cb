import { describeColumns } from '../../src/catalog/describe-columns.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import type { Table as TableRow } from '../../src/registry/table.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { Table } from '../registry/table.ts';

const ColumnDescriptionInput = builder.inputType('ColumnDescriptionInput', {
  description: 'What a column means.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'As the table has it.' }),
    description: t.string({
      description: 'What it means; null removes what a person said, so that the word of the source counts again.',
    }),
  }),
});

const DescribeColumnsInput = builder.inputType('DescribeColumnsInput', {
  description: 'What columns of a table mean; columns that are not named keep what is said of them.',
  fields: (t) => ({
    tableId: t.id({ required: true, description: 'Global id of the table.' }),
    columns: t.field({ type: [ColumnDescriptionInput], required: true, description: 'The columns, each once.' }),
  }),
});

const DescribeColumnsPayload = builder.objectRef<{ table: TableRow }>('DescribeColumnsPayload').implement({
  description: 'The table as it is now.',
  fields: (t) => ({ table: t.expose('table', { type: Table, description: 'The table.' }) }),
});

builder.mutationField('describeColumns', (t) =>
  t.field({
    type: DescribeColumnsPayload,
    nullable: true,
    description:
      'Says what columns of a table mean, before what its source says of them: all of it, or nothing when one is not there.',
    authScopes: describeColumns.rule,
    args: { input: t.arg({ type: DescribeColumnsInput, required: true, description: 'Which columns, and what.' }) },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      table: await context.run(describeColumns, {
        tableId: storedId('Table', input.tableId),
        columns: input.columns.map(({ name, description }) => ({ name, description: description ?? null })),
      }),
    }),
  }),
);
