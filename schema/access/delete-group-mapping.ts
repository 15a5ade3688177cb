import { deleteGroupMapping } from '../../src/access/delete-group-mapping.ts';
import type { GroupMapping as GroupMappingRow } from '../../src/access/group-mapping.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { GroupMapping } from './group-mapping.ts';

const DeleteGroupMappingInput = builder.inputType('DeleteGroupMappingInput', {
  description: 'Which mapping to take away.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id of the group mapping.' }) }),
});

const DeleteGroupMappingPayload = builder
  .objectRef<{ mapping: GroupMappingRow }>('DeleteGroupMappingPayload')
  .implement({
    description: 'The mapping that was taken away.',
    fields: (t) => ({ mapping: t.expose('mapping', { type: GroupMapping, description: 'The former mapping.' }) }),
  });

builder.mutationField('deleteGroupMapping', (t) =>
  t.field({
    type: DeleteGroupMappingPayload,
    nullable: true,
    description:
      'Takes a role away from the members of a group; it counts for every request and every open subscription from the answer on.',
    authScopes: deleteGroupMapping.rule,
    args: {
      input: t.arg({ type: DeleteGroupMappingInput, required: true, description: 'Which mapping to take away.' }),
    },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      mapping: await context.run(deleteGroupMapping, { id: storedId('GroupMapping', input.id) }),
    }),
  }),
);
