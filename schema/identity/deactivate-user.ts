import { LastAdminError } from '../../src/access/administrator-remains.ts';
import { deactivateUser } from '../../src/identity/deactivate-user.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import type { User as UserRow } from '../../src/people/user.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { User } from '../people/user.ts';

const DeactivateUserInput = builder.inputType('DeactivateUserInput', {
  description: 'Whom to shut out.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id of the user; not your own.' }) }),
});

const DeactivateUserPayload = builder.objectRef<{ user: UserRow }>('DeactivateUserPayload').implement({
  description: 'The user as it is now.',
  fields: (t) => ({ user: t.expose('user', { type: User, description: 'The inactive user.' }) }),
});

builder.mutationField('deactivateUser', (t) =>
  t.field({
    type: DeactivateUserPayload,
    nullable: true,
    description:
      'Shuts a user out, from every request and every open subscription, from the answer on. Sessions and devices end for good; roles, table grants and tokens count again once the user is activated.',
    authScopes: deactivateUser.rule,
    args: { input: t.arg({ type: DeactivateUserInput, required: true, description: 'Whom to shut out.' }) },
    errors: { types: [NotFoundError, ConflictError, LastAdminError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      user: await context.run(deactivateUser, { id: storedId('User', input.id) }),
    }),
  }),
);
