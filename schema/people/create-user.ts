import { createInvitedUser } from '../../src/identity/create-invited-user.ts';
import { ConflictError, InvalidInputError } from '../../src/kernel/errors.ts';
import { createUser } from '../../src/people/create-user.ts';
import type { User as UserRow } from '../../src/people/user.ts';
import { builder } from '../builder.ts';
import { GivenLink, giveLink } from '../identity/given-link.ts';
import { User } from './user.ts';

const CreateUserInput = builder.inputType('CreateUserInput', {
  description: 'Who to add.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Stored in lower case; must be new.' }),
    name: t.string({ description: 'What the person is called.' }),
    sendInvite: t.boolean({ description: 'Whether to invite the person too, as `inviteUser` does; not unless given.' }),
  }),
});

interface CreatedUser {
  user: UserRow;
  invitation: Awaited<ReturnType<typeof giveLink>> | null;
}

const CreateUserPayload = builder.objectRef<CreatedUser>('CreateUserPayload').implement({
  description: 'The user that was made.',
  fields: (t) => ({
    user: t.expose('user', { type: User, description: 'The new user; it has no role yet.' }),
    invitation: t.expose('invitation', {
      type: GivenLink,
      nullable: true,
      description: 'The invitation, told once; null when none was asked for.',
    }),
  }),
});

builder.mutationField('createUser', (t) =>
  t.field({
    type: CreateUserPayload,
    nullable: true,
    description: 'Adds an active user without roles.',
    authScopes: createUser.rule,
    args: { input: t.arg({ type: CreateUserInput, required: true, description: 'Who to add.' }) },
    errors: { types: [ConflictError, InvalidInputError] },
    resolve: async (_root, { input: { sendInvite, ...input } }, context) => {
      if (!sendInvite) return { user: await context.run(createUser, input), invitation: null };
      const { user, invitation } = await context.run(createInvitedUser, input);
      return { user, invitation: await giveLink(context, invitation) };
    },
  }),
);
