import { TooManyAttemptsError } from '../../src/identity/attempts.ts';
import { completeSetup, SetupClosedError } from '../../src/identity/complete-setup.ts';
import { ConflictError, InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';

const CompleteSetupInput = builder.inputType('CompleteSetupInput', {
  description: 'The first administrator.',
  fields: (t) => ({
    secret: t.string({ required: true, description: 'What stands behind `#` in the setup link.' }),
    email: t.string({ required: true, description: 'The administrator’s e-mail address.' }),
    name: t.string({ description: 'What the administrator is called.' }),
    password: t.string({ required: true, description: '12 to 256 characters.' }),
  }),
});

const CompleteSetupPayload = builder.objectRef<{ email: string }>('CompleteSetupPayload').implement({
  description: 'Setup is done; the answer’s cookie signs the administrator in.',
  fields: (t) => ({
    email: t.exposeString('email', { description: 'The first administrator’s e-mail address, as it is stored.' }),
  }),
});

builder.mutationField('completeSetup', (t) =>
  t.field({
    type: CompleteSetupPayload,
    nullable: true,
    description: 'Makes the first administrator of an empty instance and signs them in; needs the setup link.',
    authScopes: completeSetup.rule,
    args: { input: t.arg({ type: CompleteSetupInput, required: true, description: 'The first administrator.' }) },
    errors: { types: [SetupClosedError, TooManyAttemptsError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const { email, sessionSecret, expiresAt } = await context.run(completeSetup, input);
      context.setSession?.({ secret: sessionSecret, expiresAt });
      return { email };
    },
  }),
);
