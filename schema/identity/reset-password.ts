import { resetPassword } from '../../src/identity/reset-password.ts';
import { TooManyAttemptsError } from '../../src/identity/attempts.ts';
import { LinkNotValidError } from '../../src/identity/mailed-link.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { signedInPayload, signInWithCookie } from './signed-in.ts';

const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'The link, and the new password.',
  fields: (t) => ({
    secret: t.string({ required: true, description: 'What stands behind `#` in the link.' }),
    password: t.string({ required: true, description: 'The new password: 12 to 256 characters.' }),
  }),
});

builder.mutationField('resetPassword', (t) =>
  t.field({
    type: signedInPayload('ResetPasswordPayload'),
    nullable: true,
    description: 'Sets a new password, ends every session of the user, and signs in. The link works once.',
    authScopes: resetPassword.rule,
    args: {
      input: t.arg({ type: ResetPasswordInput, required: true, description: 'The link, and the new password.' }),
    },
    errors: { types: [LinkNotValidError, TooManyAttemptsError, InvalidInputError] },
    resolve: (_root, { input }, context) => signInWithCookie(context, () => context.run(resetPassword, input)),
  }),
);
