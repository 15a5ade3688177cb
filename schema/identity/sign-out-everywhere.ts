import { signOutEverywhere } from '../../src/identity/end-sessions.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';

const SignOutEverywhereInput = builder.inputType('SignOutEverywhereInput', {
  description: 'Which sessions of the viewer to end.',
  fields: (t) => ({
    keepThisOne: t.boolean({ description: 'Whether the session of this request goes on; it ends unless given.' }),
  }),
});

const SignOutEverywherePayload = builder.objectRef<{ sessionsEnded: number }>('SignOutEverywherePayload').implement({
  description: 'The sessions have ended.',
  fields: (t) => ({ sessionsEnded: t.exposeInt('sessionsEnded', { description: 'How many there were.' }) }),
});

builder.mutationField('signOutEverywhere', (t) =>
  t.field({
    type: SignOutEverywherePayload,
    nullable: true,
    description: 'Ends the viewer’s sessions on every device; open sockets that use them end too. Tokens stay.',
    authScopes: signOutEverywhere.rule,
    args: { input: t.arg({ type: SignOutEverywhereInput, required: true, description: 'Which sessions to end.' }) },
    errors: { types: [InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const ended = await context.run(signOutEverywhere, input);
      if (!input.keepThisOne) context.clearSession?.();
      return ended;
    },
  }),
);
