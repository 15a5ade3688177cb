import type { Session as SessionRow } from '../../src/identity/session.ts';
import { builder } from '../builder.ts';
import { User } from '../people/user.ts';
import { Viewer } from './viewer.ts';

const SessionDoor = builder.enumType('SessionDoor', {
  description: 'By which door a session was opened.',
  values: {
    SETUP: { value: 'setup', description: 'The setup link.' },
    PASSWORD: { value: 'password', description: 'E-mail address and password.' },
    EMAIL_LINK: { value: 'emailLink', description: 'A link sent by e-mail.' },
    OIDC: { value: 'oidc', description: 'An identity provider.' },
    INVITE: { value: 'invite', description: 'An invitation.' },
    DEVICE: { value: 'device', description: 'A code shown on another device.' },
  } as const,
});

const Session = builder.objectRef<SessionRow>('Session');

builder.node(Session, {
  description: 'A signed-in browser. It ends after 14 days without use, and after 90 days in any case.',
  node: {
    rule: { signedIn: true },
    load: async (id, { loaders, principal }) => {
      const sessions = await loaders.sessionsOf.load(principal.userId);
      return sessions.find((session) => session.id === id);
    },
  },
  id: { resolve: (session) => session.id, description: 'Global id.' },
  fields: (t) => ({
    door: t.expose('door', { type: SessionDoor, description: 'How the person came in.' }),
    device: t.exposeString('device', { nullable: true, description: 'What the browser said of itself.' }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'The client’s address at the sign-in; behind a proxy that is not trusted, the proxy’s.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was opened.' }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', description: 'When it was last used.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends, however much it is used.' }),
    current: t.boolean({
      extensions: { personal: true },
      description: 'Whether this very request comes with it.',
      resolve: (session, _args, { principal }) => session.id === principal?.credential.id,
    }),
  }),
});

builder.objectField(Viewer, 'sessions', (t) =>
  t.field({
    type: [Session],
    description: 'Where the viewer is signed in, newest first. `endSession` ends one.',
    resolve: (viewer, _args, { loaders }) => loaders.sessionsOf.load(viewer.id),
  }),
);

builder.objectField(User, 'sessions', (t) =>
  t.field({
    type: [Session],
    nullable: true,
    authScopes: { role: 'core.admin' },
    description: 'Where the user is signed in, newest first, for administrators.',
    resolve: (user, _args, { loaders }) => loaders.sessionsOf.load(user.id),
  }),
);
