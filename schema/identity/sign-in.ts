import { TooManyAttemptsError } from '../../src/identity/attempts.ts';
import { signIn, SignInRefusedError } from '../../src/identity/sign-in.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';

const SignInInput = builder.inputType('SignInInput', {
  description: 'Who comes in.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'The e-mail address, in whatever case.' }),
    password: t.string({ required: true, description: 'The password.' }),
  }),
});

const SignInPayload = builder.objectRef<{ email: string; expiresAt: Date }>('SignInPayload').implement({
  description: 'The answer’s cookie signs the person in.',
  fields: (t) => ({
    email: t.exposeString('email', { description: 'The person’s e-mail address, as it is stored.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the session ends in any case.' }),
  }),
});

builder.mutationField('signIn', (t) =>
  t.field({
    type: SignInPayload,
    nullable: true,
    description:
      'Signs a person in by e-mail address and password. A session that the request came with ends. Who fails often has to wait.',
    authScopes: signIn.rule,
    args: { input: t.arg({ type: SignInInput, required: true, description: 'Who comes in.' }) },
    errors: { types: [SignInRefusedError, TooManyAttemptsError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      if (!context.setSession) {
        throw new InvalidInputError([{ path: '', message: 'Sign in over HTTP; this connection cannot set a cookie.' }]);
      }
      const { email, session, secret } = await context.run(signIn, input);
      context.setSession({ secret, expiresAt: session.expiresAt });
      return { email, expiresAt: session.expiresAt };
    },
  }),
);
