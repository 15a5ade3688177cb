import { sendPasswordReset } from '../../src/identity/send-password-reset.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { GivenLink, giveLink } from './given-link.ts';

const SendPasswordResetInput = builder.inputType('SendPasswordResetInput', {
  description: 'Whose password to reset.',
  fields: (t) => ({ userId: t.id({ required: true, description: 'Global id of the user.' }) }),
});

const SendPasswordResetPayload = builder
  .objectRef<{ reset: Awaited<ReturnType<typeof giveLink>> }>('SendPasswordResetPayload')
  .implement({
    description: 'The way to a new password.',
    fields: (t) => ({ reset: t.expose('reset', { type: GivenLink, description: 'The link, told once.' }) }),
  });

builder.mutationField('sendPasswordReset', (t) =>
  t.field({
    type: SendPasswordResetPayload,
    nullable: true,
    description:
      'Makes a link by which a user chooses a new password, within 24 hours, and mails it where there is a mail server. Links that are open already stay good.',
    authScopes: sendPasswordReset.rule,
    args: { input: t.arg({ type: SendPasswordResetInput, required: true, description: 'Whose password to reset.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const made = await context.run(sendPasswordReset, { userId: storedId('User', input.userId) });
      return { reset: await giveLink(context, made) };
    },
  }),
);
