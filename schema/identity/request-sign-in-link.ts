import { TooManyAttemptsError } from '../../src/identity/attempts.ts';
import { MailNotConfiguredError } from '../../src/identity/mailer.ts';
import { requestSignInLink } from '../../src/identity/request-sign-in-link.ts';
import { sendLink } from '../../src/identity/send-link.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';

const RequestSignInLinkInput = builder.inputType('RequestSignInLinkInput', {
  description: 'Who asks.',
  fields: (t) => ({ email: t.string({ required: true, description: 'The e-mail address, in whatever case.' }) }),
});

const RequestSignInLinkPayload = builder.objectRef<{ email: string }>('RequestSignInLinkPayload').implement({
  description: 'The same for everybody, whether there is such an account or not.',
  fields: (t) => ({ email: t.exposeString('email', { description: 'The address that was given.' }) }),
});

builder.mutationField('requestSignInLink', (t) =>
  t.field({
    type: RequestSignInLinkPayload,
    nullable: true,
    description:
      'Mails a link to sign in, good for 15 minutes, if there is an active user with this address. Links that are open already stay good.',
    authScopes: requestSignInLink.rule,
    args: { input: t.arg({ type: RequestSignInLinkInput, required: true, description: 'Who asks.' }) },
    errors: { types: [MailNotConfiguredError, TooManyAttemptsError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const link = await context.run(requestSignInLink, input);
      // Not waited for: the time of the answer would tell that there is such an account.
      if (link) void sendLink(context.services, link, context.instance.publicUrl);
      return { email: input.email };
    },
  }),
);
