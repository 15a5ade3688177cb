import { beforeAll, describe, expect, test } from 'vitest';
import { createGroupMapping } from '../../../src/access/create-group-mapping.ts';
import { createRole as creation } from '../../../src/access/create-role.ts';
import { grantRole } from '../../../src/access/grant-role.ts';
import { replaceExternalGroups } from '../../../src/people/replace-external-groups.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const rolePayload =
  'role { key displayName description ownerModule isCore isChangeable implies { key } grantCount mappingCount }';
const uses = 'roleGrants groupMappings tableGrants impliedBy { key }';

interface RoleChange {
  key: string;
  displayName?: string;
  description?: string | null;
  implies?: string[] | null;
}

describeServersOnBoth((server) => {
  let admin: TestPerson;

  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
  });

  function createRole({ key, ...given }: RoleChange, as: TestPerson = admin) {
    const input = { key, displayName: key, ...given };
    return mutate(server(), as, { field: 'createRole', input, payload: rolePayload });
  }

  function updateRole(input: RoleChange, as: TestPerson = admin) {
    return mutate(server(), as, { field: 'updateRole', input: { ...input }, payload: rolePayload });
  }

  async function deleteRole(input: { key: string; removeUses?: boolean }, as: TestPerson = admin) {
    const query = `mutation ($input: DeleteRoleInput!) { deleteRole(input: $input) { __typename
      ... on Error { code message } ... on RoleInUseError { ${uses} }
      ... on DeleteRolePayload { key removed { ${uses} } } } }`;
    const { data, errors } = await ask(server(), { as: { token: as.token }, query, variables: { input } });
    if (errors) throw new Error(JSON.stringify(errors));
    return data.deleteRole;
  }

  function rolesOf({ id }: TestPerson): string[] {
    return [...server().open.services.accessIndex.rolesOf(id)].toSorted();
  }

  describe('createRole', () => {
    test('makes a role that can be granted, with one audit row', async () => {
      const given = {
        key: 'sales.lead',
        displayName: ' Sales lead ',
        description: 'Leads.',
        implies: ['core.analyst'],
      };
      expect(await createRole(given)).toEqual({
        __typename: 'CreateRolePayload',
        role: {
          key: 'sales.lead',
          displayName: 'Sales lead',
          description: 'Leads.',
          ownerModule: 'sales',
          isCore: false,
          isChangeable: true,
          implies: [{ key: 'core.analyst' }],
          grantCount: 0,
          mappingCount: 0,
        },
      });
      expect(await newestEvent(server())).toEqual({
        actor: admin.email,
        credential: 'pat',
        action: 'role.created',
        resource: 'role:sales.lead',
        details: {
          roleKey: 'sales.lead',
          displayName: 'Sales lead',
          description: 'Leads.',
          implies: ['core.analyst'],
        },
      });
      const person = await server().person('lead', ['sales.lead']);
      expect(rolesOf(person)).toEqual(['core.analyst', 'core.viewer', 'sales.lead']);
    });

    test.each([
      ['Sales', 'upper case'],
      ['1sales', 'a digit first'],
      ['_sales', 'an underscore first'],
      ['sales-lead', 'a hyphen'],
      ['sales.', 'a dot at the end'],
      ['sales..lead', 'an empty segment'],
      ['', 'nothing'],
      ['sales lead', 'a space'],
      ['sales.lead\n', 'a newline at the end, which the predecessor let through'],
      ['x'.repeat(65), '65 characters'],
      ['core', 'the name of the core'],
      ['core.owner', 'the module name core, which the predecessor let modules take'],
    ])('refuses the key %j: %s', async (key) => {
      const before = await eventCount(server());
      expect(await createRole({ key, displayName: 'Any' })).toMatchObject({
        __typename: 'InvalidInputError',
        fields: [{ path: 'key' }],
      });
      expect(await eventCount(server())).toBe(before);
    });

    test('takes the longest key, and refuses one that there is', async () => {
      expect(await createRole({ key: 'x'.repeat(64) })).toMatchObject({ __typename: 'CreateRolePayload' });
      expect(await createRole({ key: 'x'.repeat(64) })).toMatchObject({ __typename: 'ConflictError' });
    });

    test('refuses an empty name, an endless description, roles that there are not, and itself', async () => {
      const refused = { __typename: 'InvalidInputError' };
      expect(await createRole({ key: 'no.name', displayName: ' ' })).toMatchObject(refused);
      expect(await createRole({ key: 'long', description: 'x'.repeat(2_001) })).toMatchObject(refused);
      expect(await createRole({ key: 'unknown', implies: ['core.viewer', 'no.role'] })).toMatchObject({
        ...refused,
        fields: [{ path: 'implies', message: 'There is no role with the key "no.role".' }],
      });
      expect(await createRole({ key: 'own', implies: ['own'] })).toMatchObject({
        ...refused,
        fields: [{ path: 'implies', message: 'The roles would imply each other in a circle: own → own.' }],
      });
    });

    test('is refused to one who was an administrator by a group a moment ago', async () => {
      const person = await server().person('was-admin', []);
      const { store } = server().open.services;
      const name = (groups: { id: string }[]) =>
        store.write((tx) => replaceExternalGroups(tx, { userId: person.id, provider: 'idp', groups }));
      await server().run(createGroupMapping, { externalGroupId: 'makers', roleKey: 'core.admin' });
      await name([{ id: 'makers' }]);
      expect(await createRole({ key: 'by.group' }, person)).toMatchObject({ __typename: 'CreateRolePayload' });
      await name([]);
      for (const change of [createRole, updateRole, deleteRole]) {
        await expect(change({ key: 'by.group' }, person)).rejects.toThrow('FORBIDDEN');
      }
    });
  });

  describe('updateRole', () => {
    test('changes what is given and leaves the rest, for holders at once', async () => {
      await createRole({ key: 'team.one', displayName: 'One', description: 'First.', implies: ['core.viewer'] });
      const person = await server().person('one', ['team.one']);
      expect(await updateRole({ key: 'team.one', implies: ['core.km_admin', 'core.km_admin'] })).toMatchObject({
        role: { displayName: 'One', description: 'First.', implies: [{ key: 'core.km_admin' }] },
      });
      expect(rolesOf(person)).toContain('core.analyst');
      expect(await updateRole({ key: 'team.one', displayName: 'First', description: '', implies: null })).toMatchObject(
        {
          role: { displayName: 'First', description: '', implies: [{ key: 'core.km_admin' }], grantCount: 1 },
        },
      );
      expect(await newestEvent(server())).toMatchObject({
        action: 'role.updated',
        resource: 'role:team.one',
        details: {
          roleKey: 'team.one',
          from: { displayName: 'One', description: 'First.', implies: ['core.km_admin'] },
          to: { displayName: 'First', description: '', implies: ['core.km_admin'] },
        },
      });
      await updateRole({ key: 'team.one', implies: [] });
      expect(rolesOf(person)).toEqual(['team.one']);
    });

    test('refuses a circle and names it', async () => {
      await createRole({ key: 'ring.a' });
      await createRole({ key: 'ring.b', implies: ['ring.a'] });
      await createRole({ key: 'ring.c', implies: ['ring.b'] });
      expect(await updateRole({ key: 'ring.a', implies: ['core.viewer', 'ring.c'] })).toMatchObject({
        __typename: 'InvalidInputError',
        message: 'implies: The roles would imply each other in a circle: ring.a → ring.c → ring.b → ring.a.',
      });
      expect(server().open.services.accessIndex.role('ring.a')?.implies).toEqual([]);
    });

    test('keeps the last administrator, who is one by the role', async () => {
      await createRole({ key: 'house.owner', implies: ['core.admin'] });
      const owner = await server().person('owner', ['house.owner']);
      const [own] = server().open.services.accessIndex.grantsOf(admin.id);
      const input = { grantId: `RoleGrant:${own!.id}` };
      expect(await mutate(server(), owner, { field: 'revokeRole', input })).toMatchObject({
        __typename: 'RevokeRolePayload',
      });
      const lastAdmin = { __typename: 'LastAdminError' };
      expect(await updateRole({ key: 'house.owner', implies: [] }, owner)).toMatchObject(lastAdmin);
      expect(await deleteRole({ key: 'house.owner', removeUses: true }, owner)).toMatchObject(lastAdmin);
      expect(rolesOf(owner)).toContain('core.admin');
      await server().run(grantRole, { userId: admin.id, roleKey: 'core.admin' });
      expect(await deleteRole({ key: 'house.owner', removeUses: true }, owner)).toMatchObject({ key: 'house.owner' });
      expect(rolesOf(owner)).toEqual([]);
    });
  });

  test('roles that Agnes defines can neither be changed nor deleted', async () => {
    const before = await eventCount(server());
    const refused = {
      __typename: 'ConflictError',
      message:
        'The role core.viewer is defined by Agnes itself and can neither be changed nor deleted; make an own role instead.',
    };
    const { data } = await ask(server(), {
      as: { token: admin.token },
      query: '{ role(key: "core.viewer") { isChangeable } }',
    });
    expect(data).toEqual({ role: { isChangeable: false } });
    expect(await updateRole({ key: 'core.viewer', displayName: 'God' })).toMatchObject(refused);
    expect(await deleteRole({ key: 'core.viewer', removeUses: true })).toMatchObject(refused);
    expect(await updateRole({ key: 'no.role' })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await deleteRole({ key: 'no.role' })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await eventCount(server())).toBe(before);
  });

  describe('deleteRole', () => {
    test('removes a role that is not in use, whose key is free then', async () => {
      await createRole({ key: 'short.lived', implies: ['core.viewer'] });
      const removed = { roleGrants: 0, groupMappings: 0, tableGrants: 0, impliedBy: [] };
      expect(await deleteRole({ key: 'short.lived' })).toEqual({
        __typename: 'DeleteRolePayload',
        key: 'short.lived',
        removed,
      });
      expect(await newestEvent(server())).toMatchObject({
        action: 'role.deleted',
        resource: 'role:short.lived',
        details: { roleKey: 'short.lived', displayName: 'short.lived', removed },
      });
      expect(await createRole({ key: 'short.lived' })).toMatchObject({ role: { implies: [] } });
    });

    test('of a role in use tells what would be lost, and removes nothing; with removeUses it removes just that', async () => {
      const [first, second] = [await server().person('user-one', []), await server().person('user-two', [])];
      await createRole({ key: 'busy.role', implies: ['core.viewer'] });
      await createRole({ key: 'busy.chief', implies: ['busy.role', 'core.viewer'] });
      const other = await server().person('other-holder', ['busy.chief']);
      for (const { id } of [first, second]) await server().run(grantRole, { userId: id, roleKey: 'busy.role' });
      await server().run(createGroupMapping, { externalGroupId: 'busy', roleKey: 'busy.role' });
      const table = await server().registerFile('busy', 'id\n1\n');
      await server().run(grantTableAccess, { tableId: table.id, roleKey: 'busy.role' });
      await server().run(grantTableAccess, { tableId: table.id, userId: admin.id });
      const lost = { roleGrants: 2, groupMappings: 1, tableGrants: 1, impliedBy: [{ key: 'busy.chief' }] };
      const before = { count: await eventCount(server()), access: accessFacts(other, table.id) };
      expect(await deleteRole({ key: 'busy.role', removeUses: false })).toEqual({
        __typename: 'RoleInUseError',
        code: 'ROLE_IN_USE',
        message:
          'The role busy.role is in use: 2 role grants, 1 group mapping, 1 table grant and what busy.chief implies by it would go along; ask for that with removeUses.',
        ...lost,
      });
      expect({ count: await eventCount(server()), access: accessFacts(other, table.id) }).toEqual(before);
      expect(before.access).toMatchObject({ first: ['busy.role', 'core.viewer'], reads: true, mappings: 1 });
      expect(await deleteRole({ key: 'busy.role', removeUses: true })).toEqual({
        __typename: 'DeleteRolePayload',
        key: 'busy.role',
        removed: lost,
      });
      expect(await newestEvent(server())).toMatchObject({
        details: { removed: { ...lost, impliedBy: ['busy.chief'] } },
      });
      expect(accessFacts(other, table.id)).toEqual({
        first: [],
        other: ['busy.chief', 'core.viewer'],
        mappings: 0,
        reads: false,
      });
      expect(await createRole({ key: 'busy.role' })).toMatchObject({ role: { grantCount: 0, mappingCount: 0 } });

      function accessFacts(holder: TestPerson, tableId: string) {
        const { accessIndex, tableAccess } = server().open.services;
        return {
          first: rolesOf(first),
          other: rolesOf(holder),
          mappings: accessIndex.groupMappings().filter(({ externalGroupId }) => externalGroupId === 'busy').length,
          reads: tableAccess.canRead(holder.id, tableId),
        };
      }
    });

    test.each(['implied', 'mapped', 'shared'] as const)('a single use counts: %s', async (how) => {
      const key = `single.${how}`;
      await createRole({ key });
      if (how === 'implied') await createRole({ key: `${key}_by`, implies: [key] });
      if (how === 'mapped') await server().run(createGroupMapping, { externalGroupId: how, roleKey: key });
      if (how === 'shared') {
        const table = await server().registerFile('single', 'id\n1\n');
        await server().run(grantTableAccess, { tableId: table.id, roleKey: key, effect: 'deny' });
      }
      expect(await deleteRole({ key })).toMatchObject({ __typename: 'RoleInUseError' });
    });
  });

  test('of two who make the same role at the same instant one does, and the other is told', async () => {
    const made = await Promise.all([createRole({ key: 'race.role' }), createRole({ key: 'race.role' })]);
    expect(made.map((result) => String(result.__typename)).toSorted()).toEqual(['ConflictError', 'CreateRolePayload']);
    await expect(server().run(creation, { key: 'race.role', displayName: 'Race' })).rejects.toThrow('already');
  });
});
