import { configureInstance } from '../../src/identity/configure-instance.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { Instance } from './instance.ts';

const SignInProviderInput = builder.inputType('SignInProviderInput', {
  description: 'An OpenID Connect issuer that signs people in, as the file of INSTANCE_CONFIG names it.',
  fields: (t) => ({
    id: t.string({
      required: true,
      description: '1 to 30 lower-case letters, digits and hyphens; do not change it later.',
    }),
    label: t.string({ required: true, description: 'What the button calls it.' }),
    issuer: t.string({
      required: true,
      description: 'The issuer as it names itself, such as `https://login.example.com`.',
    }),
    clientId: t.string({ required: true, description: 'The client id that the issuer gave to this instance.' }),
    clientSecretEnv: t.string({
      required: true,
      description:
        'The variable that holds the secret, such as `PARTNERS_CLIENT_SECRET`; give its value by `setSecret`.',
    }),
    groupsClaim: t.string({
      description: 'The claim in which the issuer names groups; left out: groups are not read.',
    }),
    allowedDomains: t.stringList({ description: 'Its own list of domains; left out: that of the instance.' }),
  }),
});

const ConfigureInstanceInput = builder.inputType('ConfigureInstanceInput', {
  description: 'What to change; what is left out stays as it is.',
  fields: (t) => ({
    name: t.string({ description: 'What the instance is called, 1 to 60 characters.' }),
    allowedDomains: t.stringList({
      description:
        'E-mail domains of people who may come in for the first time by a provider; an empty list: nobody new.',
    }),
    providers: t.field({
      type: [SignInProviderInput],
      description: 'All providers that are set up here, in their order; one that is left out is closed.',
    }),
  }),
});

const ConfigureInstancePayload = builder.objectRef<object>('ConfigureInstancePayload').implement({
  description: 'The change counts.',
  fields: (t) => ({
    instance: t.field({
      type: Instance,
      description: 'The instance as it is now.',
      resolve: (_payload, _args, { instance }) => instance,
    }),
  }),
});

builder.mutationField('configureInstance', (t) =>
  t.field({
    type: ConfigureInstancePayload,
    nullable: true,
    description:
      'Changes what the instance is called and how people sign in; it counts at once. What the environment or INSTANCE_CONFIG fixes is refused, and so is a provider whose issuer does not answer as one.',
    authScopes: configureInstance.rule,
    args: { input: t.arg({ type: ConfigureInstanceInput, required: true, description: 'What to change.' }) },
    errors: { types: [InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const providers = input.providers?.map(({ groupsClaim, allowedDomains, ...provider }) => ({
        ...provider,
        ...(groupsClaim && { groupsClaim }),
        ...(allowedDomains && { allowedDomains }),
      }));
      await context.run(configureInstance, { ...input, providers });
      return {};
    },
  }),
);
