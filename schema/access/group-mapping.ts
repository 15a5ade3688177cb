import type { GroupMapping as GroupMappingRow } from '../../src/access/group-mapping.ts';
import { builder } from '../builder.ts';
import { Role } from './role.ts';

export const GroupMapping = builder.objectRef<GroupMappingRow>('GroupMapping');

builder.node(GroupMapping, {
  description: 'Everybody in an external group has a role.',
  node: {
    rule: { role: 'core.admin' },
    load: (id, { services }) => services.accessIndex.groupMappings().find((mapping) => mapping.id === id),
  },
  id: { resolve: (mapping) => mapping.id, description: 'Global id.' },
  fields: (t) => ({
    externalGroupId: t.exposeString('externalGroupId', {
      description: 'The id that the identity provider gives the group, compared character by character.',
    }),
    role: t.field({
      type: Role,
      nullable: true,
      description: 'The role; null when it is no longer defined.',
      resolve: (mapping, _args, { services }) => services.accessIndex.role(mapping.roleKey) ?? null,
    }),
    assignedBy: t.exposeString('assignedBy', { nullable: true, description: 'The e-mail address of who made it.' }),
    assignedAt: t.expose('assignedAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

builder.queryField('groupMappings', (t) =>
  t.field({
    type: [GroupMapping],
    nullable: true,
    description: 'All mappings of external groups to roles, by group and role.',
    authScopes: { role: 'core.admin' },
    resolve: (_root, _args, { services }) => services.accessIndex.groupMappings(),
  }),
);
