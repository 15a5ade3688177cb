import type { Identity as IdentityRow } from '../../src/identity/identity.ts';
import { builder } from '../builder.ts';
import { User } from '../people/user.ts';
import { Viewer } from './viewer.ts';

export const Identity = builder.objectRef<IdentityRow>('Identity');

builder.node(Identity, {
  description: 'An account at a provider that signs a user in.',
  node: {
    rule: { signedIn: true },
    load: async (id, { loaders, principal }) => {
      const identities = await loaders.identitiesOf.load(principal.userId);
      return identities.find((identity) => identity.id === id);
    },
  },
  id: { resolve: (identity) => identity.id, description: 'Global id.' },
  fields: (t) => ({
    issuer: t.exposeString('issuer', { description: 'Who vouches for it, as the issuer names itself.' }),
    provider: t.exposeString('provider', {
      nullable: true,
      description:
        'Id of the configured provider by which it was last used; null when it has not been used since that is noted.',
    }),
    email: t.exposeString('email', { description: 'The e-mail address that the provider told when it was linked.' }),
    linkedAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was linked to the user.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When somebody last signed in by it; null when not since that is noted.',
    }),
  }),
});

builder.objectField(Viewer, 'identities', (t) =>
  t.field({
    type: [Identity],
    description: 'The accounts at providers that sign the viewer in, the eldest first.',
    resolve: (viewer, _args, { loaders }) => loaders.identitiesOf.load(viewer.id),
  }),
);

builder.objectField(User, 'identities', (t) =>
  t.field({
    type: [Identity],
    nullable: true,
    authScopes: { role: 'core.admin' },
    description: 'The accounts at providers that sign the user in, the eldest first, for administrators.',
    resolve: (user, _args, { loaders }) => loaders.identitiesOf.load(user.id),
  }),
);
