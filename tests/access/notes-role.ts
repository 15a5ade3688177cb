import { defineRole } from '../../src/access/role.ts';

declare module '../../src/operation/role-key.ts' {
  interface RoleKeys {
    'notes.curator': true;
  }
}

export const notesCurator = defineRole({
  key: 'notes.curator',
  displayName: 'Curator of notes',
  description: 'Reviews the notes that people propose.',
  implies: ['core.viewer'],
  impliedBy: ['core.km_admin'],
});
