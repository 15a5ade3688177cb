import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import type { Table as TableRow } from '../../src/registry/table.ts';
import { builder, type SchemaShape } from '../builder.ts';
import { QueryMode, Table } from './table.ts';

type InputFields = PothosSchemaTypes.InputFieldBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<SchemaShape>,
  'InputObject'
>;

/** What a registration says of one table, besides its source. */
export function newTableFields(t: InputFields) {
  return {
    name: t.string({ required: true, description: 'A lower-case SQL identifier, unique within the source.' }),
    sqlName: t.string({
      description: 'How statements name it; `<source>.<name>` unless given. Never changes by itself.',
    }),
    alias: t.string({ description: 'A further, bare name for statements.' }),
    bucket: t.string({ description: 'The group it stands in at its source.' }),
    description: t.string({ description: 'What its rows are.' }),
    isPublic: t.boolean({ description: 'Whether every signed-in person may read it; false unless given.' }),
    primaryKey: t.stringList({ description: 'The columns that tell rows apart.' }),
    schedule: t.string({
      description:
        'When it is synced by itself: `every 15m`, `every 2h`, `daily 07:00,19:30` (UTC), or five cron fields (UTC). Never unless given.',
    }),
    watermarkColumn: t.string({
      description:
        'A column that grows with each new or changed row, such as `updated_at`: a sync then takes only newer rows, where the connector can. Rows with an equal primary key are replaced; without one all are added. All rows each time unless given.',
    }),
    queryMode: t.field({
      type: QueryMode,
      description:
        'Where its rows are when it is queried. Unless given MATERIALIZED for options with a statement, else LOCAL. REMOTE and MATERIALIZED only where the connector runs statements at its source.',
    }),
    options: t.field({ type: 'JSON', required: true, description: 'What the connector needs to find and read it.' }),
  };
}

const RegisterTableInput = builder.inputType('RegisterTableInput', {
  description: 'Which relation of a source becomes a table.',
  fields: (t) => ({
    source: t.string({ required: true, description: 'The name of the source.' }),
    ...newTableFields(t),
  }),
});

const RegisterTablePayload = builder.objectRef<{ table: TableRow }>('RegisterTablePayload').implement({
  description: 'The table that was registered.',
  fields: (t) => ({
    table: t.expose('table', { type: Table, description: 'The new table; it has no rows before a sync.' }),
  }),
});

builder.mutationField('registerTable', (t) =>
  t.field({
    type: RegisterTablePayload,
    nullable: true,
    description: 'Registers one relation of a source as a table, private unless said otherwise.',
    authScopes: registerTable.rule,
    args: {
      input: t.arg({ type: RegisterTableInput, required: true, description: 'Which relation, and how it is named.' }),
    },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      table: await context.run(registerTable, { ...input, options: input.options as Record<string, unknown> }),
    }),
  }),
);
