import { beforeAll, describe, expect, test } from 'vitest';
import { replaceExternalGroups, type NamedGroup } from '../../../src/people/replace-external-groups.ts';
import { ask as askSocket, listen } from '../../server/socket-client.ts';
import { ask, connectSocket, type TestPerson } from '../../kit/server.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const mappingPayload = 'mapping { id externalGroupId role { key } assignedBy assignedAt }';
const anyRole = '{ roles { key } }';

describeServersOnBoth((server) => {
  let admin: TestPerson;

  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
  });

  function map(externalGroupId: string, roleKey: string, as: TestPerson = admin) {
    const input = { externalGroupId, roleKey };
    return mutate(server(), as, { field: 'createGroupMapping', input, payload: mappingPayload });
  }

  function unmap(id: string, as: TestPerson = admin) {
    return mutate(server(), as, { field: 'deleteGroupMapping', input: { id }, payload: mappingPayload });
  }

  function putInto(person: { id: string }, groups: readonly (string | NamedGroup)[], provider = 'idp'): Promise<void> {
    const named = groups.map((group) => (typeof group === 'string' ? { id: group } : group));
    return server().open.services.store.write((tx) =>
      replaceExternalGroups(tx, { userId: person.id, provider, groups: named }),
    );
  }

  async function may(person: TestPerson, query = anyRole): Promise<boolean> {
    const { errors } = await ask(server(), { as: { token: person.token }, query });
    if (errors) expect(errors[0]?.extensions['code']).toBe('FORBIDDEN');
    return errors === undefined;
  }

  async function knownGroup(id: string) {
    const query = '{ knownGroups { id name memberCount mappedRoles { key } mappings { id } } }';
    const { data } = await ask(server(), { as: admin, query });
    return (data.knownGroups as { id: string }[]).find((group) => group.id === id);
  }

  describe('a group mapping', () => {
    test('gives its role to the members from the answer on, and takes it at once, each with one audit row', async () => {
      const person = await server().person('member', []);
      await putInto(person, ['eng@example.com']);
      expect(await may(person)).toBe(false);
      const before = await eventCount(server());
      const made = await map('eng@example.com', 'core.analyst');
      expect(made).toEqual({
        __typename: 'CreateGroupMappingPayload',
        mapping: {
          id: expect.stringMatching(/^GroupMapping:/),
          externalGroupId: 'eng@example.com',
          role: { key: 'core.analyst' },
          assignedBy: admin.email,
          assignedAt: expect.stringMatching(/Z$/),
        },
      });
      const row = {
        actor: admin.email,
        credential: 'pat',
        resource: `groupMapping:${String(made.mapping.id).replace('GroupMapping:', '')}`,
        details: { externalGroupId: 'eng@example.com', roleKey: 'core.analyst' },
      };
      expect(await newestEvent(server())).toEqual({ ...row, action: 'groupMapping.created' });
      expect(await may(person)).toBe(true);
      const { data } = await ask(server(), {
        as: admin,
        query: '{ groupMappings { id } role(key: "core.analyst") { mappingCount } }',
      });
      expect(data).toEqual({ groupMappings: [{ id: made.mapping.id }], role: { mappingCount: 1 } });
      expect(await unmap(made.mapping.id)).toEqual({ ...made, __typename: 'DeleteGroupMappingPayload' });
      expect(await newestEvent(server())).toEqual({ ...row, action: 'groupMapping.deleted' });
      expect(await may(person)).toBe(false);
      expect(await eventCount(server())).toBe(before + 2);
      expect(await unmap(made.mapping.id)).toMatchObject({ __typename: 'NotFoundError' });
    });

    test('is told as a path of each role that it gives, beside the grants', async () => {
      const person = await server().person('paths', ['core.viewer']);
      await putInto(person, ['paths']);
      const { mapping } = await map('paths', 'core.analyst');
      const query = `{ viewer { coreRole { key } effectiveRoles { role { key } via {
        grant { role { key } } mapping { id externalGroupId assignedBy } roles { key } } } } }`;
      const { data } = await ask(server(), { as: person, query });
      const told = { id: mapping.id, externalGroupId: 'paths', assignedBy: admin.email };
      const [analyst, viewer] = [{ key: 'core.analyst' }, { key: 'core.viewer' }];
      expect(data.viewer).toEqual({
        coreRole: analyst,
        effectiveRoles: [
          { role: analyst, via: [{ grant: null, mapping: told, roles: [analyst] }] },
          {
            role: viewer,
            via: [
              { grant: { role: viewer }, mapping: null, roles: [viewer] },
              { grant: null, mapping: told, roles: [analyst, viewer] },
            ],
          },
        ],
      });
      const bySession = await ask(server(), { as: { session: person.session }, query });
      expect(bySession.data).toEqual(data);
      await unmap(mapping.id);
    });

    test('of an administrator gives everything an administrator has: gates, tables, users', async () => {
      const person = await server().person('group-admin', []);
      await putInto(person, ['owners']);
      const table = await server().registerFile('owned', 'id\n1\n');
      const { mapping } = await map('owners', 'core.admin');
      expect(await may(person, '{ users { edges { cursor } } }')).toBe(true);
      expect(server().open.services.tableAccess.canRead(person.id, table.id)).toBe(true);
      expect(await map('by-group-admin', 'core.viewer', person)).toMatchObject({
        mapping: { assignedBy: person.email },
      });
      await putInto(person, []);
      await expect(map('too-late', 'core.viewer', person)).rejects.toThrow('FORBIDDEN');
      await expect(unmap(mapping.id, person)).rejects.toThrow('FORBIDDEN');
      expect(server().open.services.tableAccess.canRead(person.id, table.id)).toBe(false);
      await unmap(mapping.id);
    });

    test('does not make a permanent administrator: the last one by a grant stays, whoever asks', async () => {
      const person = await server().person('group-only', []);
      await putInto(person, ['only']);
      const { mapping } = await map('only', 'core.admin');
      const [own] = server().open.services.accessIndex.grantsOf(admin.id);
      const input = { grantId: `RoleGrant:${own!.id}` };
      expect(await mutate(server(), person, { field: 'revokeRole', input })).toMatchObject({ code: 'LAST_ADMIN' });
      expect(await unmap(mapping.id, person)).toMatchObject({ __typename: 'DeleteGroupMappingPayload' });
      expect(await may(person)).toBe(false);
    });

    test('compares ids character by character', async () => {
      const person = await server().person('exact', []);
      await putInto(person, ['Exact', 'ex%', 'exact@example.com']);
      await map('exact', 'core.viewer');
      expect(await may(person)).toBe(false);
      await map('Exact', 'core.viewer');
      expect(await may(person)).toBe(true);
    });

    test('that cannot be is an expected failure and changes nothing', async () => {
      await map('taken', 'core.viewer');
      const before = await eventCount(server());
      expect(await map('taken', 'core.viewer')).toEqual({
        __typename: 'ConflictError',
        code: 'CONFLICT',
        message: 'The group taken is mapped to the role core.viewer already.',
      });
      expect(await map('taken', 'core.king')).toMatchObject({
        __typename: 'NotFoundError',
        message: 'There is no role with the key "core.king".',
      });
      for (const id of ['', '   ', '\u2003', 'x'.repeat(501), 'with\nnewline']) {
        expect(await map(id, 'core.viewer')).toMatchObject({
          __typename: 'InvalidInputError',
          fields: [{ path: 'externalGroupId' }],
        });
      }
      for (const id of ['GroupMapping:none', 'none', `User:${admin.id}`, '']) {
        expect(await unmap(id)).toMatchObject({ __typename: 'NotFoundError' });
      }
      expect(await eventCount(server())).toBe(before);
      expect(await map('x'.repeat(500), 'core.viewer')).toMatchObject({ __typename: 'CreateGroupMappingPayload' });
    });

    test.each(['mapping', 'membership'] as const)(
      'whose %s is gone ends open subscriptions, by session and by token',
      async (what) => {
        const group = `listeners-${what}`;
        const person = await server().person(`listener-${what}`, []);
        await putInto(person, [group]);
        const { mapping } = await map(group, 'core.viewer');
        const clients = [connectSocket(server(), { session: person.session }), connectSocket(server(), person)];
        try {
          const listeners = clients.map((client) => listen(client, 'subscription { syncEvents { id } }'));
          await Promise.all(clients.map((client) => askSocket(client, '{ __typename }')));
          if (what === 'mapping') await unmap(mapping.id);
          else await putInto(person, ['another']);
          const refused = { extensions: { code: 'FORBIDDEN', requiredRole: 'core.viewer' } };
          for (const { ended, results } of listeners) {
            expect(await ended).toMatchObject([refused]);
            expect(results).toEqual([]);
          }
          for (const client of clients) expect(await askSocket(client, anyRole)).toMatchObject({ errors: [refused] });
        } finally {
          for (const client of clients) await client.dispose();
        }
      },
    );
  });

  describe('external groups', () => {
    test('are what each provider said last; a name that is missing is the id', async () => {
      const person = await server().person('grouped', ['core.viewer']);
      const query = '{ viewer { externalGroups { id name } } }';
      const groups = async () => (await ask(server(), { as: person, query })).data.viewer.externalGroups;
      expect(await groups()).toEqual([]);
      await putInto(person, [
        { id: 'b', name: 'Backend' },
        { id: 'a' },
        { id: '' },
        { id: ' ' },
        { id: 'a', name: 'Apps' },
      ]);
      expect(await groups()).toEqual([
        { id: 'a', name: 'Apps' },
        { id: 'b', name: 'Backend' },
      ]);
      await putInto(person, ['c'], 'other');
      await putInto(person, [
        { id: 'b', name: 'Back office' },
        { id: 'c', name: 'Crew' },
      ]);
      expect(await groups()).toEqual([
        { id: 'b', name: 'Back office' },
        { id: 'c', name: 'Crew' },
      ]);
      await putInto(person, []);
      expect(await groups()).toEqual([{ id: 'c', name: 'Crew' }]);
      const { data } = await ask(server(), {
        as: admin,
        query: `{ user(id: "User:${person.id}") { externalGroups { id } } }`,
      });
      expect(data.user.externalGroups).toEqual([{ id: 'c' }]);
    });

    test('that a second provider names too keep their roles when the first one forgets them', async () => {
      const person = await server().person('twice-named', []);
      await map('both', 'core.viewer');
      await putInto(person, ['both'], 'one');
      await putInto(person, ['both'], 'two');
      expect(await knownGroup('both')).toMatchObject({ memberCount: 1 });
      await putInto(person, [], 'one');
      expect(await may(person)).toBe(true);
      await putInto(person, [], 'two');
      expect(await may(person)).toBe(false);
    });

    test('that stay the same tell nobody, and are dated anew', async () => {
      const person = await server().person('unchanged', []);
      const { store } = server().open.services;
      await putInto(person, ['same']);
      const topics: string[] = [];
      const stop = store.onCommit((events) => topics.push(...events.map(({ topic }) => topic)));
      await putInto(person, ['same']);
      expect(topics).toEqual([]);
      await putInto(person, ['same', 'more']);
      stop();
      expect(topics).toEqual(['userGroups']);
      const rows = await store.db
        .selectFrom('external_group_members')
        .selectAll()
        .where('user_id', '=', person.id)
        .execute();
      expect(rows.map((row) => row.provider)).toEqual(['idp', 'idp']);
      expect(new Set(rows.map((row) => row.named_at.getTime())).size).toBe(1);
    });

    test('known are those with members and those that are mapped, with name, members and roles', async () => {
      const [left, right] = [await server().person('known-left', []), await server().person('known-right', [])];
      await putInto(left, [{ id: 'known', name: 'Known' }]);
      await putInto(right, [{ id: 'known', name: 'Known' }]);
      expect(await knownGroup('known')).toEqual({
        id: 'known',
        name: 'Known',
        memberCount: 2,
        mappedRoles: [],
        mappings: [],
      });
      const { mapping } = await map('known', 'core.viewer');
      await map('known', 'core.analyst');
      const { mapping: empty } = await map('nobody-yet', 'core.viewer');
      expect(await knownGroup('known')).toMatchObject({
        mappedRoles: [{ key: 'core.analyst' }, { key: 'core.viewer' }],
        mappings: [{ id: expect.anything() }, { id: mapping.id }],
      });
      expect(await knownGroup('nobody-yet')).toMatchObject({
        name: null,
        memberCount: 0,
        mappings: [{ id: empty.id }],
      });
      await unmap(empty.id);
      expect(await knownGroup('nobody-yet')).toBeUndefined();
    });
  });
});
