import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { updateUser } from '../../src/people/update-user.ts';
import type { User as UserRow } from '../../src/people/user.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { User } from './user.ts';

const UpdateUserInput = builder.inputType('UpdateUserInput', {
  description: 'What to change; what is left out stays as it is.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global id of the user.' }),
    email: t.string({ description: 'Stored in lower case; must be new.' }),
    name: t.string({ description: 'What the person is called; null clears it.' }),
  }),
});

const UpdateUserPayload = builder.objectRef<{ user: UserRow }>('UpdateUserPayload').implement({
  description: 'The user as it is now.',
  fields: (t) => ({ user: t.expose('user', { type: User, description: 'The changed user.' }) }),
});

builder.mutationField('updateUser', (t) =>
  t.field({
    type: UpdateUserPayload,
    nullable: true,
    description: 'Changes the e-mail address or the name of a user.',
    authScopes: updateUser.rule,
    args: { input: t.arg({ type: UpdateUserInput, required: true, description: 'What to change.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      user: await context.run(updateUser, { ...input, id: storedId('User', input.id) }),
    }),
  }),
);
