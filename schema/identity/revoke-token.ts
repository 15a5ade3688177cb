import { revokeToken } from '../../src/identity/revoke-token.ts';
import type { Token as TokenRow } from '../../src/identity/token.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { Token } from './token.ts';

const RevokeTokenInput = builder.inputType('RevokeTokenInput', {
  description: 'Which token to end.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id of the token.' }) }),
});

const RevokeTokenPayload = builder.objectRef<{ token: TokenRow }>('RevokeTokenPayload').implement({
  description: 'The token that was ended.',
  fields: (t) => ({ token: t.expose('token', { type: Token, description: 'The former token.' }) }),
});

builder.mutationField('revokeToken', (t) =>
  t.field({
    type: RevokeTokenPayload,
    nullable: true,
    description: 'Ends a token of the viewer, or anybody’s for an administrator; open sockets that use it end too.',
    authScopes: revokeToken.rule,
    args: { input: t.arg({ type: RevokeTokenInput, required: true, description: 'Which token to end.' }) },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      token: await context.run(revokeToken, { id: storedId('Token', input.id) }),
    }),
  }),
);
