import { endSessionsOf } from '../../src/identity/end-sessions.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';

const EndSessionsOfInput = builder.inputType('EndSessionsOfInput', {
  description: 'Whom to sign out.',
  fields: (t) => ({ userId: t.id({ required: true, description: 'Global id of the user.' }) }),
});

const EndSessionsOfPayload = builder.objectRef<{ sessionsEnded: number }>('EndSessionsOfPayload').implement({
  description: 'The sessions have ended.',
  fields: (t) => ({ sessionsEnded: t.exposeInt('sessionsEnded', { description: 'How many there were.' }) }),
});

builder.mutationField('endSessionsOf', (t) =>
  t.field({
    type: EndSessionsOfPayload,
    nullable: true,
    description: 'Signs a user out on every device; open sockets that use the sessions end too. Tokens stay.',
    authScopes: endSessionsOf.rule,
    args: { input: t.arg({ type: EndSessionsOfInput, required: true, description: 'Whom to sign out.' }) },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: (_root, { input }, context) => context.run(endSessionsOf, { userId: storedId('User', input.userId) }),
  }),
);
