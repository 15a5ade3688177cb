import { describe, expect, test } from 'vitest';
import { collectRoles, RoleDefinitionError } from '../../src/access/collect-roles.ts';
import { coreAdmin, coreRoles } from '../../src/access/core-roles.ts';
import { defineRole, isRoleKey, type RoleDefinition } from '../../src/access/role.ts';
import { definition } from './facts.ts';

function faultsOf(definitions: readonly RoleDefinition[]): readonly string[] {
  try {
    collectRoles(definitions);
  } catch (error) {
    if (error instanceof RoleDefinitionError) return error.faults;
    throw error;
  }
  return [];
}

describe('role keys', () => {
  test.each(['a', 'core', 'core.admin', 'corporate_memory.curator', 'a_.b9_.c', 'x'.repeat(64), 'a.b.c.d.e'])(
    '%j is one',
    (key) => {
      expect(isRoleKey(key)).toBe(true);
    },
  );

  test.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    '9a',
    '_a',
    'a.9b',
    'a._b',
    'A',
    'a.B',
    'a-b',
    'a b',
    ' a',
    'a ',
    'core.admin\n',
    'core\n.admin',
    '\ncore.admin',
    'é',
    'a.б',
    'x'.repeat(65),
  ])('%j is none', (key) => {
    expect(isRoleKey(key)).toBe(false);
  });
});

describe('defineRole', () => {
  test('returns a definition that cannot be changed, nor its lists', () => {
    const implies: 'core.viewer'[] = ['core.viewer'];
    const made = defineRole({ key: 'core.analyst', displayName: 'A', description: 'B', implies });
    implies.push('core.viewer');
    expect(made).toEqual({
      key: 'core.analyst',
      displayName: 'A',
      description: 'B',
      implies: ['core.viewer'],
      impliedBy: [],
    });
    expect(() => Object.assign(made, { key: 'core.admin' })).toThrow(TypeError);
    expect(() => (made.implies as string[]).push('core.admin')).toThrow(TypeError);
  });

  test('does not compile with a key that is not in RoleKeys', () => {
    // @ts-expect-error the key is not declared
    defineRole({ key: 'nobody.declared_it', displayName: '', description: '' });
    // @ts-expect-error the implied key is not declared
    defineRole({ key: 'core.viewer', displayName: '', description: '', implies: ['nobody.declared_it'] });
    expect(coreAdmin.key satisfies 'core.admin').toBe('core.admin');
  });
});

describe('collectRoles', () => {
  test('always has exactly four core roles, in a chain from administrator to viewer', () => {
    const core = collectRoles([]);
    expect(core.map(({ key, implies }) => ({ key, implies }))).toEqual([
      { key: 'core.admin', implies: ['core.km_admin'] },
      { key: 'core.analyst', implies: ['core.viewer'] },
      { key: 'core.km_admin', implies: ['core.analyst'] },
      { key: 'core.viewer', implies: [] },
    ]);
    expect(core.every((role) => role.isCore && role.ownerModule === 'core' && role.description !== '')).toBe(true);
    expect(core.map((role) => role.displayName)).toContain('Administrator');
    expect(collectRoles(coreRoles)).toEqual(core);
  });

  test('gives a module its roles, owned by the first segment, and turns impliedBy into implies of the other', () => {
    const roles = collectRoles([
      definition('memory.curator', { implies: ['core.analyst', 'memory.reader'], impliedBy: ['core.km_admin'] }),
      definition('memory.reader', { impliedBy: ['memory.curator', 'core.viewer'] }),
    ]);
    expect(roles.find(({ key }) => key === 'memory.curator')).toEqual({
      key: 'memory.curator',
      displayName: 'memory.curator',
      description: '',
      ownerModule: 'memory',
      isCore: false,
      implies: ['core.analyst', 'memory.reader'],
    });
    expect(roles.find(({ key }) => key === 'core.km_admin')?.implies).toEqual(['core.analyst', 'memory.curator']);
    expect(roles.find(({ key }) => key === 'core.viewer')?.implies).toEqual(['memory.reader']);
    expect(roles.map(({ key }) => key)).toEqual(roles.map(({ key }) => key).toSorted());
  });

  test('refuses a key that does not follow the grammar, one with a trailing newline too', () => {
    expect(faultsOf([definition('Reports'), definition('reports.editor\n')])).toEqual([
      expect.stringMatching(/^"Reports" is not a role key; a key is segments/),
      expect.stringMatching(/^"reports.editor\\n" is not a role key/),
    ]);
  });

  test('refuses the same key with different fields and names both', () => {
    const faults = faultsOf([
      definition('reports.editor', { displayName: 'Editor', implies: ['core.viewer'] }),
      definition('reports.editor', { displayName: 'Report editor' }),
    ]);
    expect(faults).toEqual([
      'reports.editor is defined twice, with different fields: displayName "Editor" and "Report editor", implies ["core.viewer"] and []',
    ]);
  });

  test('refuses the same key twice with identical fields', () => {
    expect(faultsOf([definition('reports.editor'), definition('reports.editor')])).toEqual([
      'reports.editor is defined twice; remove one of the definitions',
    ]);
  });

  test('keeps the name core to the four core roles, even against an identical one', () => {
    expect(faultsOf([definition('core.auditor'), definition('core')])).toEqual([
      expect.stringContaining('core.auditor ("core.auditor"): the module name core is reserved'),
      expect.stringContaining('core ("core"): the module name core is reserved'),
    ]);
    const faults = faultsOf([{ ...coreAdmin }]);
    expect(faults).toContain('core.admin is defined twice; remove one of the definitions');
    expect(faults).toContainEqual(
      expect.stringContaining('core.admin ("Administrator"): the module name core is reserved'),
    );
  });

  test('names unknown keys in implies and impliedBy', () => {
    expect(faultsOf([definition('reports.editor', { implies: ['reports.gone'], impliedBy: ['memory.gone'] })])).toEqual(
      [
        'reports.editor implies "reports.gone", which no module defines',
        'reports.editor is implied by "memory.gone", which no module defines',
      ],
    );
  });

  test('refuses circles and names each as a path, whichever side declared them', () => {
    const faults = faultsOf([
      definition('b.two', { implies: ['c.three'] }),
      definition('a.one', { implies: ['b.two'], impliedBy: ['c.three'] }),
      definition('c.three'),
      definition('d.self', { implies: ['d.self'] }),
      definition('e.low', { implies: ['core.admin'], impliedBy: ['core.viewer'] }),
    ]);
    expect(faults).toEqual([
      'roles imply each other in a circle: a.one → b.two → c.three → a.one',
      'roles imply each other in a circle: core.admin → core.km_admin → core.analyst → core.viewer → e.low → core.admin',
      'roles imply each other in a circle: d.self → d.self',
    ]);
  });

  test('tells all faults together, in one error with a code', () => {
    const definitions = [
      definition('UPPER'),
      definition('core.own'),
      definition('a.one', { implies: ['a.gone', 'b.two'] }),
      definition('b.two', { implies: ['a.one'] }),
      definition('a.one'),
    ];
    expect(faultsOf(definitions)).toHaveLength(5);
    expect(() => collectRoles(definitions)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ROLE_DEFINITIONS',
        message: expect.stringContaining('a.one → b.two → a.one'),
      }),
    );
  });
});
