import { chooseSyncTables } from '../../src/distribution/choose-sync-tables.ts';
import { readManifest } from '../../src/distribution/manifest.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { Manifest } from './manifest.ts';

const ChooseSyncTablesInput = builder.inputType('ChooseSyncTablesInput', {
  description: 'Which tables the viewer wants on laptops.',
  fields: (t) => ({
    tableIds: t.idList({ description: 'Global ids of tables. Null: all that the viewer may read, also later ones.' }),
  }),
});

const ChooseSyncTablesPayload = builder.objectRef<object>('ChooseSyncTablesPayload').implement({
  description: 'The choice was stored.',
  fields: (t) => ({
    manifest: t.field({
      type: Manifest,
      description: 'The manifest that follows it.',
      resolve: (_payload, _args, { services, principal }) =>
        readManifest(services, { principal: principal!, since: null }),
    }),
  }),
});

builder.mutationField('chooseSyncTables', (t) =>
  t.field({
    type: ChooseSyncTablesPayload,
    nullable: true,
    description:
      'Says which tables the viewer wants on laptops; every one of the viewer’s laptops follows at its next sync.',
    authScopes: chooseSyncTables.rule,
    args: { input: t.arg({ type: ChooseSyncTablesInput, required: true, description: 'The choice.' }) },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const tableIds = input.tableIds?.map((id) => storedId('Table', id)) ?? null;
      await context.run(chooseSyncTables, { tableIds });
      return {};
    },
  }),
);
