import { createGroupMapping } from '../../src/access/create-group-mapping.ts';
import type { GroupMapping as GroupMappingRow } from '../../src/access/group-mapping.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { GroupMapping } from './group-mapping.ts';

const CreateGroupMappingInput = builder.inputType('CreateGroupMappingInput', {
  description: 'Which group is to have which role.',
  fields: (t) => ({
    externalGroupId: t.string({
      required: true,
      description:
        'The id exactly as the identity provider writes it, at most 500 characters; nobody needs to be in it yet.',
    }),
    roleKey: t.string({ required: true, description: 'The role’s key, such as `core.analyst`.' }),
  }),
});

const CreateGroupMappingPayload = builder
  .objectRef<{ mapping: GroupMappingRow }>('CreateGroupMappingPayload')
  .implement({
    description: 'The mapping that was made.',
    fields: (t) => ({ mapping: t.expose('mapping', { type: GroupMapping, description: 'The new mapping.' }) }),
  });

builder.mutationField('createGroupMapping', (t) =>
  t.field({
    type: CreateGroupMappingPayload,
    nullable: true,
    description:
      'Gives a role to everybody in an external group; it counts from the answer on. An administrator by a group only is not a permanent one, because the identity provider decides who is in the group.',
    authScopes: createGroupMapping.rule,
    args: {
      input: t.arg({ type: CreateGroupMappingInput, required: true, description: 'Which group, which role.' }),
    },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({ mapping: await context.run(createGroupMapping, input) }),
  }),
);
