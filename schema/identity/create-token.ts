import { createToken } from '../../src/sharing/create-token.ts';
import type { Token as TokenRow } from '../../src/identity/token.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { Token } from './token.ts';

const CreateTokenInput = builder.inputType('CreateTokenInput', {
  description: 'What the token is for.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'To recognise it by, such as `laptop`.' }),
    expiresInDays: t.int({ description: '1 to 3650; 90 unless given; null: it does not end by itself.' }),
    readOnly: t.boolean({ description: 'Whether it may change nothing: no mutation at all.' }),
    tableIds: t.idList({
      description: 'Global ids of the only tables it may read. With this list it administers nothing, whoever owns it.',
    }),
    roleKeys: t.stringList({
      description: 'The only roles it keeps, with what they imply, such as `core.viewer`; all of yours unless given.',
    }),
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
    description:
      'Makes a personal access token for the viewer. A token cannot make tokens, and never has more rights than its owner has at that instant.',
    authScopes: createToken.rule,
    args: { input: t.arg({ type: CreateTokenInput, required: true, description: 'What the token is for.' }) },
    errors: { types: [InvalidInputError, NotFoundError] },
    resolve: (_root, { input }, context) =>
      context.run(createToken, {
        ...input,
        tableIds: input.tableIds?.map((id) => storedId('Table', id)),
      }),
  }),
);
