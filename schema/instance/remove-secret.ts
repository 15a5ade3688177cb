import { InvalidInputError } from '../../src/kernel/errors.ts';
import { removeSecret } from '../../src/registry/remove-secret.ts';
import type { Secret as SecretValue } from '../../src/registry/secrets.ts';
import { builder } from '../builder.ts';
import { Secret } from './secret.ts';

const RemoveSecretInput = builder.inputType('RemoveSecretInput', {
  description: 'A secret.',
  fields: (t) => ({ name: t.string({ required: true, description: 'One of `Instance.secrets`.' }) }),
});

const RemoveSecretPayload = builder.objectRef<{ secret: SecretValue }>('RemoveSecretPayload').implement({
  description: 'The secret has no value any more.',
  fields: (t) => ({ secret: t.expose('secret', { type: Secret, description: 'What is known of the secret.' }) }),
});

builder.mutationField('removeSecret', (t) =>
  t.field({
    type: RemoveSecretPayload,
    nullable: true,
    description:
      'Takes the value of a secret that was set here away, at once. A provider without its secret lets nobody in.',
    authScopes: removeSecret.rule,
    args: { input: t.arg({ type: RemoveSecretInput, required: true, description: 'Which secret.' }) },
    errors: { types: [InvalidInputError] },
    resolve: async (_root, { input }, context) => ({ secret: await context.run(removeSecret, input) }),
  }),
);
