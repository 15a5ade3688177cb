import { describe, expect, test } from 'vitest';
import { mayUse } from './access.ts';

const matrix = [
  { field: 'Query.tables', roles: ['core.viewer'], permitted: true },
  { field: 'Query.sources', roles: ['core.admin', 'core.km_admin'], permitted: true },
  { field: 'Mutation.createToken', roles: [], permitted: true },
  { field: 'Mutation.changePassword', roles: [], permitted: false },
];

describe('what is shown', () => {
  test('a field is shown to whoever has one of its roles, and to nobody else', () => {
    expect(mayUse('Query.tables', { matrix, roles: new Set(['core.viewer']) })).toBe(true);
    expect(mayUse('Query.sources', { matrix, roles: new Set(['core.viewer']) })).toBe(false);
    expect(mayUse('Query.sources', { matrix, roles: new Set(['core.viewer', 'core.km_admin']) })).toBe(true);
  });

  test('a field whose rule names no role is shown to whom the server would let', () => {
    expect(mayUse('Mutation.createToken', { matrix, roles: new Set() })).toBe(true);
    expect(mayUse('Mutation.changePassword', { matrix, roles: new Set(['core.admin']) })).toBe(false);
  });

  test('a field that the matrix does not name is shown to nobody', () => {
    expect(mayUse('Query.users', { matrix, roles: new Set(['core.admin']) })).toBe(false);
  });
});
