import type { KnownGroup as KnownGroupValue } from '../../src/access/mapped-groups.ts';
import { readGroupNames } from '../../src/people/read-external-groups.ts';
import { builder } from '../builder.ts';
import { GroupMapping } from './group-mapping.ts';
import { Role, rolesNamed } from './role.ts';

interface NamedKnownGroup extends KnownGroupValue {
  readonly name: string | null;
}

const KnownGroup = builder.objectRef<NamedKnownGroup>('KnownGroup').implement({
  description: 'An external group that somebody is in, or that a mapping names.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id that the identity provider gives the group.' }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'What a provider last called it; null when none has named it yet.',
    }),
    memberCount: t.exposeInt('memberCount', { description: 'How many users are in it, active or not.' }),
    mappedRoles: t.field({
      type: [Role],
      description: 'The roles that its members have by it, by key.',
      resolve: ({ mappings }, _args, { services }) =>
        rolesNamed(
          services,
          mappings.map(({ roleKey }) => roleKey),
        ),
    }),
    mappings: t.field({
      type: [GroupMapping],
      description: 'The mappings that give these roles, by role key.',
      resolve: ({ mappings }) => [...mappings],
    }),
  }),
});

builder.queryField('knownGroups', (t) =>
  t.field({
    type: [KnownGroup],
    nullable: true,
    description: 'Every external group that somebody is in or that is mapped to a role, by id.',
    authScopes: { role: 'core.admin' },
    resolve: async (_root, _args, { services }): Promise<NamedKnownGroup[]> => {
      const groups = services.accessIndex.knownGroups();
      const names = await readGroupNames(
        services,
        groups.map(({ id }) => id),
      );
      return groups.map((group) => ({ ...group, name: names.get(group.id) ?? null }));
    },
  }),
);
