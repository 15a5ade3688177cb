import type { ExternalGroup as ExternalGroupValue } from '../../src/people/external-group.ts';
import { builder } from '../builder.ts';
import { Person } from './user.ts';

const ExternalGroup = builder.objectRef<ExternalGroupValue>('ExternalGroup').implement({
  description: 'A set of people that an identity provider names.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id that the identity provider gives the group.' }),
    name: t.exposeString('name', { description: 'What the provider calls it; its id when it has no name.' }),
  }),
});

builder.interfaceField(Person, 'externalGroups', (t) =>
  t.field({
    type: [ExternalGroup],
    description: 'The external groups that the person is in, by name.',
    resolve: (user, _args, { loaders }) => loaders.externalGroups.load(user.id),
  }),
);
