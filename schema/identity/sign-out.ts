import { signOut } from '../../src/identity/end-sessions.ts';
import { ConflictError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';

const SignOutPayload = builder.objectRef<{ email: string }>('SignOutPayload').implement({
  description: 'The session has ended and the cookie is taken away.',
  fields: (t) => ({ email: t.exposeString('email', { description: 'Who was signed in.' }) }),
});

builder.mutationField('signOut', (t) =>
  t.field({
    type: SignOutPayload,
    nullable: true,
    description: 'Ends the session of this request; open sockets that use it end too.',
    authScopes: signOut.rule,
    errors: { types: [ConflictError] },
    resolve: async (_root, _args, context) => {
      const ended = await context.run(signOut, {});
      context.clearSession?.();
      return ended;
    },
  }),
);
