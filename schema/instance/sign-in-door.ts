import { signInDoors, type SignInDoor } from '../../src/identity/sign-in-doors.ts';
import { builder } from '../builder.ts';
import { Instance } from './instance.ts';

const SignInDoorKind = builder.enumType('SignInDoorKind', {
  description: 'The ways to sign in.',
  values: {
    OIDC: { description: 'By a provider: open `url` in the browser, with `next` as the path to come back to.' },
  },
});

const SignInDoorType = builder.objectRef<SignInDoor>('SignInDoor').implement({
  description: 'A way to sign in that is open on this instance.',
  fields: (t) => ({
    kind: t.expose('kind', { type: SignInDoorKind, description: 'Which way it is.' }),
    label: t.exposeString('label', { description: 'What its button says.' }),
    url: t.exposeString('url', { description: 'Where it is, from the root of this instance.' }),
  }),
});

builder.objectField(Instance, 'signInDoors', (t) =>
  t.field({
    type: [SignInDoorType],
    description: 'The ways to sign in that are open, in the order in which to offer them.',
    resolve: (_instance, _args, { services }) => signInDoors(services),
  }),
);
