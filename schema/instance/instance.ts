import { setupNeeded } from '../../src/identity/setup.ts';
import { signInDoors, type SignInDoor } from '../../src/identity/sign-in-doors.ts';
import { builder } from '../builder.ts';
import type { InstanceFacts } from '../context.ts';

const SignInDoorKind = builder.enumType('SignInDoorKind', {
  description: 'How somebody comes in.',
  values: {
    OIDC: { description: 'By a provider: open `url` in a browser, with the path to come back to as `next`.' },
    PASSWORD: { description: 'By e-mail address and password: the mutation `signIn`.' },
    EMAIL_LINK: { description: 'By a link that is mailed: the mutations `requestSignInLink` and `signInByLink`.' },
  },
});

const SignInDoorType = builder.objectRef<SignInDoor>('SignInDoor').implement({
  description: 'A way to come in that is open on this instance.',
  fields: (t) => ({
    kind: t.expose('kind', { type: SignInDoorKind, description: 'What it is.' }),
    label: t.exposeString('label', { description: 'What to call it on a page.' }),
    url: t.exposeString('url', {
      nullable: true,
      description: 'Where a browser goes for it; null for one that is a mutation.',
    }),
  }),
});

export const Instance = builder.objectRef<InstanceFacts>('Instance').implement({
  description: 'What everybody may know of this instance.',
  fields: (t) => ({
    name: t.string({
      description: 'What it is called.',
      resolve: (_instance, _args, { services }) => services.instanceSettings.name,
    }),
    contact: t.string({
      nullable: true,
      description:
        'Whom people ask for a role that they lack: an e-mail address or a link; null: nobody is named, or nobody is signed in.',
      resolve: (_instance, _args, { services, principal }) => principal && services.instanceSettings.contact,
    }),
    version: t.exposeString('version', { description: 'The version of Agnes.' }),
    developmentMode: t.exposeBoolean('developmentMode', {
      description: 'Whether everybody on this machine is signed in as the development user.',
    }),
    signInDoors: t.field({
      type: [SignInDoorType],
      description: 'The ways to come in, in the order in which a page should offer them.',
      resolve: (_instance, _args, { services }) => signInDoors(services),
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
