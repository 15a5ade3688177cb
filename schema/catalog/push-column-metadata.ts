import {
  PushError,
  PushNotPossibleError,
  pushColumnMetadata,
  type PushedColumns,
} from '../../src/catalog/push-column-metadata.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { ErrorInterface } from '../errors.ts';
import { storedId } from '../global-id.ts';
import { Table } from '../registry/table.ts';

builder.objectType(PushError, {
  name: 'PushError',
  description: 'The source did not take what is known of the columns.',
  interfaces: [ErrorInterface],
});

builder.objectType(PushNotPossibleError, {
  name: 'PushNotPossibleError',
  description: 'The source takes nothing that is said of columns.',
  interfaces: [ErrorInterface],
});

const PushColumnMetadataInput = builder.inputType('PushColumnMetadataInput', {
  description: 'Whose columns are told to their source.',
  fields: (t) => ({ tableId: t.id({ required: true, description: 'Global id of the table.' }) }),
});

const PushColumnMetadataPayload = builder.objectRef<PushedColumns>('PushColumnMetadataPayload').implement({
  description: 'What was written to the source.',
  fields: (t) => ({
    table: t.expose('table', { type: Table, description: 'The table.' }),
    columns: t.stringList({
      description: 'The columns that were written; those of which the source said the same already are left out.',
      resolve: ({ columns }) => [...columns],
    }),
  }),
});

builder.mutationField('pushColumnMetadata', (t) =>
  t.field({
    type: PushColumnMetadataPayload,
    nullable: true,
    description:
      'Writes the types and the descriptions of a table’s columns to its source, where they differ. Refused where the connector cannot.',
    authScopes: pushColumnMetadata.rule,
    args: { input: t.arg({ type: PushColumnMetadataInput, required: true, description: 'Which table.' }) },
    errors: { types: [NotFoundError, ConflictError, PushError, PushNotPossibleError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const pushed = await context.run(pushColumnMetadata, { tableId: storedId('Table', input.tableId) });
      if (pushed.failure) throw pushed.failure;
      return pushed;
    },
  }),
);
