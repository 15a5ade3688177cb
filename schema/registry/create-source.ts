import { ConflictError, InvalidInputError } from '../../src/kernel/errors.ts';
import { createSource } from '../../src/registry/create-source.ts';
import type { Source as SourceRow } from '../../src/registry/source.ts';
import { builder } from '../builder.ts';
import { Source } from './source.ts';

const CreateSourceInput = builder.inputType('CreateSourceInput', {
  description: 'What to connect.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'A lower-case SQL identifier, unique.' }),
    connector: t.string({ required: true, description: 'The kind of system, such as `files`.' }),
    config: t.field({ type: 'JSON', required: true, description: 'What the connector needs; see its README.' }),
  }),
});

const CreateSourcePayload = builder.objectRef<{ source: SourceRow }>('CreateSourcePayload').implement({
  description: 'The source that was made.',
  fields: (t) => ({
    source: t.expose('source', { type: Source, description: 'The new source; it has no tables yet.' }),
  }),
});

builder.mutationField('createSource', (t) =>
  t.field({
    type: CreateSourcePayload,
    nullable: true,
    description: 'Connects a source; the connector checks that it can be reached first.',
    authScopes: createSource.rule,
    args: { input: t.arg({ type: CreateSourceInput, required: true, description: 'What to connect.' }) },
    errors: { types: [ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      source: await context.run(createSource, { ...input, config: input.config as Record<string, unknown> }),
    }),
  }),
);
