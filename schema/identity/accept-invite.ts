import { acceptInvite } from '../../src/identity/accept-invite.ts';
import { TooManyAttemptsError } from '../../src/identity/attempts.ts';
import { LinkNotValidError } from '../../src/identity/mailed-link.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { signedInPayload, signInWithCookie } from './signed-in.ts';

const AcceptInviteInput = builder.inputType('AcceptInviteInput', {
  description: 'The invitation, and what the person chooses.',
  fields: (t) => ({
    secret: t.string({ required: true, description: 'What stands behind `#` in the link.' }),
    password: t.string({ required: true, description: 'The new password: 12 to 256 characters.' }),
    name: t.string({ description: 'What the person is called; unless given, the name stays.' }),
  }),
});

builder.mutationField('acceptInvite', (t) =>
  t.field({
    type: signedInPayload('AcceptInvitePayload'),
    nullable: true,
    description: 'Takes up an invitation: sets the password and signs in. The link works once.',
    authScopes: acceptInvite.rule,
    args: {
      input: t.arg({
        type: AcceptInviteInput,
        required: true,
        description: 'The invitation, and what the person chooses.',
      }),
    },
    errors: { types: [LinkNotValidError, TooManyAttemptsError, InvalidInputError] },
    resolve: (_root, { input }, context) => signInWithCookie(context, () => context.run(acceptInvite, input)),
  }),
);
