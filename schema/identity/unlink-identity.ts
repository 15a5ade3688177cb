import type { Identity as IdentityRow } from '../../src/identity/identity.ts';
import { unlinkIdentity } from '../../src/identity/unlink-identity.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { Identity } from './identity.ts';

const UnlinkIdentityInput = builder.inputType('UnlinkIdentityInput', {
  description: 'Which identity to unlink.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id of the identity.' }) }),
});

const UnlinkIdentityPayload = builder.objectRef<{ identity: IdentityRow }>('UnlinkIdentityPayload').implement({
  description: 'The identity that was unlinked.',
  fields: (t) => ({ identity: t.expose('identity', { type: Identity, description: 'The former identity.' }) }),
});

builder.mutationField('unlinkIdentity', (t) =>
  t.field({
    type: UnlinkIdentityPayload,
    nullable: true,
    description:
      'Takes an account at a provider from the viewer, or from anybody for an administrator, with the groups that the provider named. Nobody takes the last way in from oneself. An account with a verified address of an allowed domain is linked anew at its next sign-in.',
    authScopes: unlinkIdentity.rule,
    args: { input: t.arg({ type: UnlinkIdentityInput, required: true, description: 'Which identity to unlink.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      identity: await context.run(unlinkIdentity, { id: storedId('Identity', input.id) }),
    }),
  }),
);
