import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { registerTables } from '../../src/registry/register-tables.ts';
import type { Table as TableRow } from '../../src/registry/table.ts';
import { builder } from '../builder.ts';
import { newTableFields } from './register-table.ts';
import { Table } from './table.ts';

const NewTableInput = builder.inputType('NewTableInput', {
  description: 'Which relation becomes a table.',
  fields: newTableFields,
});

const RegisterTablesInput = builder.inputType('RegisterTablesInput', {
  description: 'Which relations of a source become tables.',
  fields: (t) => ({
    source: t.string({ required: true, description: 'The name of the source.' }),
    tables: t.field({ type: [NewTableInput], required: true, description: 'The tables, 1 to 1,000.' }),
  }),
});

const RegisterTablesPayload = builder.objectRef<{ tables: TableRow[] }>('RegisterTablesPayload').implement({
  description: 'The tables that were registered.',
  fields: (t) => ({
    tables: t.expose('tables', {
      type: [Table],
      description: 'The new tables, in the order in which they were given.',
    }),
  }),
});

builder.mutationField('registerTables', (t) =>
  t.field({
    type: RegisterTablesPayload,
    nullable: true,
    description:
      'Registers several relations of a source as tables: all of them, or none and every fault with its place.',
    authScopes: registerTables.rule,
    args: {
      input: t.arg({
        type: RegisterTablesInput,
        required: true,
        description: 'Which relations, and how they are named.',
      }),
    },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      tables: await context.run(registerTables, {
        source: input.source,
        tables: input.tables.map((table) => ({ ...table, options: table.options as Record<string, unknown> })),
      }),
    }),
  }),
);
