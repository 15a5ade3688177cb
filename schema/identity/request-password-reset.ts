import { TooManyAttemptsError } from '../../src/identity/attempts.ts';
import { MailNotConfiguredError } from '../../src/identity/mailer.ts';
import { requestPasswordReset } from '../../src/identity/request-password-reset.ts';
import { sendLink } from '../../src/identity/send-link.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';

const RequestPasswordResetInput = builder.inputType('RequestPasswordResetInput', {
  description: 'Who asks.',
  fields: (t) => ({ email: t.string({ required: true, description: 'The e-mail address, in whatever case.' }) }),
});

const RequestPasswordResetPayload = builder.objectRef<{ email: string }>('RequestPasswordResetPayload').implement({
  description: 'The same for everybody, whether there is such an account or not.',
  fields: (t) => ({ email: t.exposeString('email', { description: 'The address that was given.' }) }),
});

builder.mutationField('requestPasswordReset', (t) =>
  t.field({
    type: RequestPasswordResetPayload,
    nullable: true,
    description:
      'Mails a link to choose a new password, good for 24 hours, if there is an active user with this address. Links that are open already stay good.',
    authScopes: requestPasswordReset.rule,
    args: { input: t.arg({ type: RequestPasswordResetInput, required: true, description: 'Who asks.' }) },
    errors: { types: [MailNotConfiguredError, TooManyAttemptsError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const link = await context.run(requestPasswordReset, input);
      // Not waited for: the time of the answer would tell that there is such an account.
      if (link) void sendLink(context.services, link, context.instance.publicUrl);
      return { email: input.email };
    },
  }),
);
