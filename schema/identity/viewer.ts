import type { Principal } from '../../src/operation/principal.ts';
import type { User as UserRow } from '../../src/people/user.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { Person } from '../people/user.ts';
import { Token } from './token.ts';

const CredentialKind = builder.enumType('CredentialKind', {
  description: 'How a principal proved who it is.',
  values: {
    SESSION: { value: 'session', description: 'A signed-in browser.' },
    PAT: { value: 'pat', description: 'A personal access token.' },
    DEVICE: { value: 'device', description: 'A device or program that a person let in.' },
    DEVELOPMENT: { value: 'development', description: 'The development sign-in on a loopback host.' },
    SYSTEM: { value: 'system', description: 'Agnes itself.' },
  } as const,
});

const Credential = builder.objectRef<Principal['credential']>('Credential').implement({
  description: 'What the viewer signed in with.',
  fields: (t) => ({
    kind: t.field({ type: CredentialKind, description: 'Its kind.', resolve: (credential) => credential.kind }),
  }),
});

/** Who looks, as a user and as the principal of the request. */
export interface ViewerValue extends UserRow {
  principal: Principal;
}

export const Viewer = builder.objectRef<ViewerValue>('Viewer');

builder.node(Viewer, {
  extensions: { personal: true },
  description: 'The principal looking at itself.',
  interfaces: [Person],
  node: {
    rule: { signedIn: true },
    load: (id, context) => (id === context.principal.userId ? loadViewer(context) : null),
  },
  id: { resolve: (viewer) => viewer.id, description: 'Global id.' },
  fields: (t) => ({
    credential: t.field({
      type: Credential,
      description: 'What the viewer signed in with.',
      resolve: (viewer) => viewer.principal.credential,
    }),
    hasPassword: t.boolean({
      description: 'Whether the viewer has a password, which `changePassword` changes.',
      resolve: (viewer, _args, { loaders }) => loaders.havePassword.load(viewer.id),
    }),
    tokens: t.field({
      type: [Token],
      description: 'The viewer’s personal access tokens, newest first.',
      resolve: (viewer, _args, { loaders }) => loaders.tokensOf.load(viewer.id),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: true,
    description: 'Who is signed in; null when nobody is.',
    authScopes: { public: true },
    resolve: (_root, _args, context) => loadViewer(context),
  }),
);

async function loadViewer({ principal, loaders }: Pick<Context, 'principal' | 'loaders'>): Promise<ViewerValue | null> {
  const user = principal && (await loaders.users.load(principal.userId));
  return user ? { ...user, principal } : null;
}
