import { setupNeeded } from '../../src/identity/setup.ts';
import { builder } from '../builder.ts';
import type { InstanceFacts } from '../context.ts';

export const Instance = builder.objectRef<InstanceFacts>('Instance').implement({
  description: 'What everybody may know of this instance.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called.' }),
    version: t.exposeString('version', { description: 'The version of Agnes.' }),
    developmentMode: t.exposeBoolean('developmentMode', {
      description: 'Whether everybody on this machine is signed in as the development user.',
    }),
    setupNeeded: t.boolean({
      description: 'Whether it has no administrator yet; the setup link stands in the server’s log.',
      resolve: (_instance, _args, { services }) => setupNeeded(services),
    }),
  }),
});

builder.queryField('instance', (t) =>
  t.field({
    type: Instance,
    nullable: true,
    description: 'This instance.',
    authScopes: { public: true },
    resolve: (_root, _args, { instance }) => instance,
  }),
);
