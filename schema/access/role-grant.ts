import type { RoleGrant as RoleGrantRow } from '../../src/access/role-grant.ts';
import { builder } from '../builder.ts';
import { User } from '../people/user.ts';
import { Role } from './role.ts';

const RoleGrantSource = builder.enumType('RoleGrantSource', {
  description: 'How a user came to hold a role.',
  values: {
    DIRECT: { value: 'direct', description: 'An administrator gave it.' },
    AUTO_SEED: { value: 'auto-seed', description: 'It was given when the user was made.' },
    SYSTEM: { value: 'system', description: 'Agnes itself gave it.' },
  } as const,
});

export const RoleGrant = builder.objectRef<RoleGrantRow>('RoleGrant');

builder.node(RoleGrant, {
  description: 'A user has a role, for good or for a time.',
  node: {
    rule: { signedIn: true },
    load: (id, { services, principal }) => {
      const grant = services.accessIndex.grant(id);
      return grant?.userId === principal.userId || principal.roles.has('core.admin') ? grant : null;
    },
  },
  id: { resolve: (grant) => grant.id, description: 'Global id.' },
  fields: (t) => ({
    user: t.field({
      type: User,
      nullable: true,
      description: 'Who has the role.',
      resolve: (grant, _args, { loaders }) => loaders.users.load(grant.userId),
    }),
    role: t.field({
      type: Role,
      nullable: true,
      description: 'The role; null when it is no longer defined.',
      resolve: (grant, _args, { services }) => services.accessIndex.role(grant.roleKey) ?? null,
    }),
    source: t.field({ type: RoleGrantSource, description: 'How it came about.', resolve: (grant) => grant.source }),
    grantedBy: t.exposeString('grantedBy', { nullable: true, description: 'The e-mail address of who gave it.' }),
    grantedAt: t.expose('grantedAt', { type: 'DateTime', description: 'When it was given.' }),
    startsAt: t.expose('startsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on it counts; null: since it was given.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on it counts no longer; null: it has no end.',
    }),
  }),
});
