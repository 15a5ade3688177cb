import { completeSetup, SetupClosedError } from '../../src/identity/complete-setup.ts';
import { ConflictError, InvalidInputError } from '../../src/kernel/errors.ts';
import type { User as UserRow } from '../../src/people/user.ts';
import { builder } from '../builder.ts';
import { User } from '../people/user.ts';

const CompleteSetupInput = builder.inputType('CompleteSetupInput', {
  description: 'The first administrator.',
  fields: (t) => ({
    secret: t.string({ required: true, description: 'What stands behind `#` in the setup link.' }),
    email: t.string({ required: true, description: 'The administrator’s e-mail address.' }),
    name: t.string({ description: 'What the administrator is called.' }),
    password: t.string({ required: true, description: '12 to 256 characters.' }),
  }),
});

const CompleteSetupPayload = builder.objectRef<{ user: UserRow | null }>('CompleteSetupPayload').implement({
  description: 'Setup is done; the answer’s cookie signs the administrator in.',
  authScopes: { public: true },
  fields: (t) => ({
    user: t.expose('user', { type: User, nullable: true, description: 'The first administrator.' }),
  }),
});

builder.mutationField('completeSetup', (t) =>
  t.field({
    type: CompleteSetupPayload,
    nullable: true,
    description: 'Makes the first administrator of an empty instance and signs them in; needs the setup link.',
    authScopes: completeSetup.rule,
    args: { input: t.arg({ type: CompleteSetupInput, required: true, description: 'The first administrator.' }) },
    errors: { types: [SetupClosedError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const { userId, sessionSecret, expiresAt } = await context.run(completeSetup, input);
      context.setSession?.({ secret: sessionSecret, expiresAt });
      return { user: await context.loaders.users.load(userId) };
    },
  }),
);
