import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import type { Source as SourceRow } from '../../src/registry/source.ts';
import { updateSource } from '../../src/sync/update-source.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { Source } from '../registry/source.ts';

const UpdateSourceInput = builder.inputType('UpdateSourceInput', {
  description: 'How a source is reached from now on.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global id of the source.' }),
    config: t.field({
      type: 'JSON',
      required: true,
      description: 'All that the connector needs, in the place of what it was told before; see its README.',
    }),
  }),
});

const UpdateSourcePayload = builder.objectRef<{ source: SourceRow }>('UpdateSourcePayload').implement({
  description: 'The source as it is now.',
  fields: (t) => ({ source: t.expose('source', { type: Source, description: 'The source as it is now.' }) }),
});

builder.mutationField('updateSource', (t) =>
  t.field({
    type: UpdateSourcePayload,
    nullable: true,
    description:
      'Gives a source another configuration; the connector checks that the system can be reached with it first. Its tables keep their rows until a sync. Refused while a run of it is on its way.',
    authScopes: updateSource.rule,
    args: { input: t.arg({ type: UpdateSourceInput, required: true, description: 'Which source, and how.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      source: await context.run(updateSource, {
        id: storedId('Source', input.id),
        config: input.config as Record<string, unknown>,
      }),
    }),
  }),
);
