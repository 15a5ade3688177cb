import { endSession } from '../../src/identity/end-sessions.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';

const EndSessionInput = builder.inputType('EndSessionInput', {
  description: 'Which session to end.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id of the session.' }) }),
});

const EndSessionPayload = builder.objectRef<{ id: string }>('EndSessionPayload').implement({
  description: 'The session has ended.',
  fields: (t) => ({
    id: t.id({ description: 'Global id of the former session.', resolve: ({ id }) => `Session:${id}` }),
  }),
});

builder.mutationField('endSession', (t) =>
  t.field({
    type: EndSessionPayload,
    nullable: true,
    description: 'Ends a session of the viewer, or anybody’s for an administrator; open sockets that use it end too.',
    authScopes: endSession.rule,
    args: { input: t.arg({ type: EndSessionInput, required: true, description: 'Which session to end.' }) },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const ended = await context.run(endSession, { id: storedId('Session', input.id) });
      if (ended.current) context.clearSession?.();
      return ended;
    },
  }),
);
