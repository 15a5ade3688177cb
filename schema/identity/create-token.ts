import { createToken } from '../../src/identity/create-token.ts';
import type { Token as TokenRow } from '../../src/identity/token.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { Token } from './token.ts';

const CreateTokenInput = builder.inputType('CreateTokenInput', {
  description: 'What the token is for.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'To recognise it by, such as `laptop`.' }),
    expiresInDays: t.int({ description: '1 to 3650; 90 unless given.' }),
  }),
});

const CreateTokenPayload = builder.objectRef<{ token: TokenRow; secret: string }>('CreateTokenPayload').implement({
  description: 'The token that was made.',
  fields: (t) => ({
    token: t.expose('token', { type: Token, description: 'What is kept of it.' }),
    secret: t.exposeString('secret', { description: 'The token itself. It is shown this once.' }),
  }),
});

builder.mutationField('createToken', (t) =>
  t.field({
    type: CreateTokenPayload,
    nullable: true,
    description: 'Makes a personal access token for the viewer. A token cannot make tokens.',
    authScopes: createToken.rule,
    args: { input: t.arg({ type: CreateTokenInput, required: true, description: 'What the token is for.' }) },
    errors: { types: [InvalidInputError] },
    resolve: (_root, { input }, context) => context.run(createToken, input),
  }),
);
