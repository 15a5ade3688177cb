import { InvalidInputError } from '../../src/kernel/errors.ts';
import type { Secret as SecretValue } from '../../src/registry/secrets.ts';
import { setSecret } from '../../src/registry/set-secret.ts';
import { builder } from '../builder.ts';
import { Secret } from './secret.ts';

const SetSecretInput = builder.inputType('SetSecretInput', {
  description: 'A secret and its value.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'One of `Instance.secrets`.' }),
    value: t.string({ required: true, description: 'One line; it takes the place of the one before.' }),
  }),
});

const SetSecretPayload = builder.objectRef<{ secret: SecretValue }>('SetSecretPayload').implement({
  description: 'The secret has its new value.',
  fields: (t) => ({ secret: t.expose('secret', { type: Secret, description: 'What is known of the secret.' }) }),
});

builder.mutationField('setSecret', (t) =>
  t.field({
    type: SetSecretPayload,
    nullable: true,
    description:
      'Keeps a secret that a provider or a connector needs, in a file of the server that its owner alone may read. It counts at once, and is never told again.',
    authScopes: setSecret.rule,
    args: { input: t.arg({ type: SetSecretInput, required: true, description: 'Which secret.' }) },
    errors: { types: [InvalidInputError] },
    resolve: async (_root, { input }, context) => ({ secret: await context.run(setSecret, input) }),
  }),
);
