import { defineRole } from '../access/role.ts';

declare module '../operation/role-key.ts' {
  interface RoleKeys {
    'query.remote_spender': true;
  }
}

export const remoteSpender = defineRole({
  key: 'query.remote_spender',
  displayName: 'Remote spender',
  description:
    'Runs statements of their own at sources, with the access of this instance there and at its cost, and joins what they answer with the tables they may read.',
  implies: ['core.viewer'],
  impliedBy: ['core.admin'],
});
