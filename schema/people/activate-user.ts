import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { activateUser } from '../../src/people/activate-user.ts';
import type { User as UserRow } from '../../src/people/user.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { User } from './user.ts';

const ActivateUserInput = builder.inputType('ActivateUserInput', {
  description: 'Whom to let in again.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id of the user.' }) }),
});

const ActivateUserPayload = builder.objectRef<{ user: UserRow }>('ActivateUserPayload').implement({
  description: 'The user as it is now.',
  fields: (t) => ({ user: t.expose('user', { type: User, description: 'The active user.' }) }),
});

builder.mutationField('activateUser', (t) =>
  t.field({
    type: ActivateUserPayload,
    nullable: true,
    description: 'Lets a deactivated user in again, with the roles, table grants and tokens from before.',
    authScopes: activateUser.rule,
    args: { input: t.arg({ type: ActivateUserInput, required: true, description: 'Whom to let in again.' }) },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      user: await context.run(activateUser, { id: storedId('User', input.id) }),
    }),
  }),
);
