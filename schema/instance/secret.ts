import { listSecrets, type Secret as SecretValue } from '../../src/registry/secrets.ts';
import { builder } from '../builder.ts';
import { Instance } from './instance.ts';

export const Secret = builder.objectRef<SecretValue>('Secret').implement({
  description: 'A secret that something here needs. Its value is never told.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of its variable.' }),
    isSet: t.exposeBoolean('isSet', { description: 'Whether it has a value.' }),
    fixedByEnvironment: t.exposeBoolean('fixedByEnvironment', {
      description: 'Whether the environment of the server gives it, so that `setSecret` cannot.',
    }),
    neededBy: t.stringList({
      description: 'What needs it, such as `provider partners` or `connector keboola`.',
      resolve: ({ neededBy }) => [...neededBy],
    }),
  }),
});

builder.objectField(Instance, 'secrets', (t) =>
  t.field({
    type: [Secret],
    nullable: true,
    description: 'The secrets that can be set here, by name; for administrators.',
    authScopes: { role: 'core.admin' },
    resolve: (_instance, _args, { services }) => listSecrets(services),
  }),
);
