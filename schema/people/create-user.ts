import { ConflictError, InvalidInputError } from '../../src/kernel/errors.ts';
import { createUser } from '../../src/people/create-user.ts';
import type { User as UserRow } from '../../src/people/user.ts';
import { builder } from '../builder.ts';
import { User } from './user.ts';

const CreateUserInput = builder.inputType('CreateUserInput', {
  description: 'Who to add.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Stored in lower case; must be new.' }),
    name: t.string({ description: 'What the person is called.' }),
  }),
});

const CreateUserPayload = builder.objectRef<{ user: UserRow }>('CreateUserPayload').implement({
  description: 'The user that was made.',
  fields: (t) => ({ user: t.expose('user', { type: User, description: 'The new user; it has no role yet.' }) }),
});

builder.mutationField('createUser', (t) =>
  t.field({
    type: CreateUserPayload,
    nullable: true,
    description: 'Adds an active user without roles.',
    authScopes: createUser.rule,
    args: { input: t.arg({ type: CreateUserInput, required: true, description: 'Who to add.' }) },
    errors: { types: [ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({ user: await context.run(createUser, input) }),
  }),
);
