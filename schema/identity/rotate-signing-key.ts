import { rotateSigningKey, type RotatedSigningKey } from '../../src/identity/rotate-signing-key.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { SigningKey } from './signing-key.ts';

const RotateSigningKeyInput = builder.inputType('RotateSigningKeyInput', {
  description: 'How to rotate.',
  fields: (t) => ({
    now: t.boolean({
      description:
        'Whether the older keys go at once, because one of them leaked: every link that they signed ends. Not unless given.',
    }),
  }),
});

const RotateSigningKeyPayload = builder.objectRef<RotatedSigningKey>('RotateSigningKeyPayload').implement({
  description: 'The rotation.',
  fields: (t) => ({
    signingKey: t.expose('key', { type: SigningKey, description: 'What signs from now on.' }),
    removedKeys: t.field({
      type: [SigningKey],
      description: 'The keys whose signatures count no more, the newest first.',
      resolve: ({ removed }) => [...removed],
    }),
  }),
});

builder.mutationField('rotateSigningKey', (t) =>
  t.field({
    type: RotateSigningKeyPayload,
    nullable: true,
    description:
      'Makes a new key that signs from now on. Older keys verify what they signed until none of it can be good.',
    authScopes: rotateSigningKey.rule,
    args: { input: t.arg({ type: RotateSigningKeyInput, required: true, description: 'How to rotate.' }) },
    errors: { types: [InvalidInputError] },
    resolve: (_root, { input }, context) => context.run(rotateSigningKey, input),
  }),
);
