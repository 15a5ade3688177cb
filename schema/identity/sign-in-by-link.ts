import { signInByLink } from '../../src/identity/sign-in-by-link.ts';
import { TooManyAttemptsError } from '../../src/identity/attempts.ts';
import { LinkNotValidError } from '../../src/identity/mailed-link.ts';
import { MailNotConfiguredError } from '../../src/identity/mailer.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { signedInPayload, signInWithCookie } from './signed-in.ts';

const SignInByLinkInput = builder.inputType('SignInByLinkInput', {
  description: 'The link.',
  fields: (t) => ({
    secret: t.string({ required: true, description: 'What stands behind `#` in the link.' }),
  }),
});

builder.mutationField('signInByLink', (t) =>
  t.field({
    type: signedInPayload('SignInByLinkPayload'),
    nullable: true,
    description: 'Signs in by a link that was mailed. The link works once.',
    authScopes: signInByLink.rule,
    args: { input: t.arg({ type: SignInByLinkInput, required: true, description: 'The link.' }) },
    errors: { types: [LinkNotValidError, MailNotConfiguredError, TooManyAttemptsError, InvalidInputError] },
    resolve: (_root, { input }, context) => signInWithCookie(context, () => context.run(signInByLink, input)),
  }),
);
