import { inviteUser } from '../../src/identity/invite-user.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { GivenLink, giveLink } from './given-link.ts';

const InviteUserInput = builder.inputType('InviteUserInput', {
  description: 'Whom to invite.',
  fields: (t) => ({ userId: t.id({ required: true, description: 'Global id of the user.' }) }),
});

const InviteUserPayload = builder
  .objectRef<{ invitation: Awaited<ReturnType<typeof giveLink>> }>('InviteUserPayload')
  .implement({
    description: 'The invitation.',
    fields: (t) => ({ invitation: t.expose('invitation', { type: GivenLink, description: 'The link, told once.' }) }),
  });

builder.mutationField('inviteUser', (t) =>
  t.field({
    type: InviteUserPayload,
    nullable: true,
    description:
      'Makes a link by which a user without a password chooses one, within 7 days, and mails it where there is a mail server. Links that are open already stay good.',
    authScopes: inviteUser.rule,
    args: { input: t.arg({ type: InviteUserInput, required: true, description: 'Whom to invite.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const made = await context.run(inviteUser, { userId: storedId('User', input.userId) });
      return { invitation: await giveLink(context, made) };
    },
  }),
);
