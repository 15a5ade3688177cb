import { describe, expect, onTestFinished, test } from 'vitest';
import { createGroupMapping } from '../../../src/access/create-group-mapping.ts';
import { readConfig } from '../../../src/kernel/config.ts';
import { ask, startTestServer } from '../../kit/server.ts';

const development = { LOCAL_DEV_MODE: '1', LOCAL_DEV_USER_EMAIL: 'dev@example.com' };
const query = '{ viewer { externalGroups { id name } effectiveRoles { role { key } } } }';

test('LOCAL_DEV_GROUPS puts the development user into groups at start, and only in development mode', async () => {
  let server = await startTestServer();
  onTestFinished(() => server.close());
  const person = await server.person('dev', []);
  await server.run(createGroupMapping, { externalGroupId: 'eng', roleKey: 'core.viewer' });

  async function startedWith(environment: Record<string, string>) {
    await server.stop();
    server = await startTestServer({ dataDir: server.dataDir, environment });
    const { data } = await ask(server, { as: { token: person.token }, query });
    return data.viewer;
  }

  const groups = JSON.stringify([{ id: 'eng', name: 'Engineering', kept: false }, { id: 'ops' }]);
  const inGroups = {
    externalGroups: [
      { id: 'eng', name: 'Engineering' },
      { id: 'ops', name: 'ops' },
    ],
    effectiveRoles: [{ role: { key: 'core.viewer' } }],
  };
  const inNone = { externalGroups: [], effectiveRoles: [] };
  expect(await startedWith({ LOCAL_DEV_GROUPS: groups })).toEqual(inNone);
  expect(await startedWith({ ...development, LOCAL_DEV_GROUPS: groups })).toEqual(inGroups);
  expect(
    await startedWith({ ...development, LOCAL_DEV_USER_EMAIL: 'else@example.com', LOCAL_DEV_GROUPS: groups }),
  ).toEqual(inNone);
  expect(await startedWith({ ...development, LOCAL_DEV_GROUPS: groups })).toEqual(inGroups);
  expect(await startedWith({})).toEqual(inNone);
});

describe('LOCAL_DEV_GROUPS that is no list of groups stops the start with one sentence', () => {
  test.each(['eng', '{"id":"eng"}', '["eng"]', '[{"name":"Engineering"}]', '[{"id":" "}]', '[{"id":1}]', '[{'])(
    '%s',
    (text) => {
      expect(() => readConfig({ LOCAL_DEV_GROUPS: text })).toThrow(
        /^The configuration is not valid:\n {2}- LOCAL_DEV_GROUPS: Write a JSON array of groups, such as \[\{"id":"eng@example.com","name":"Engineering"\}\]\.$/,
      );
    },
  );

  test('an empty list and an empty value are none', () => {
    expect(readConfig({ LOCAL_DEV_GROUPS: '[]' }).developmentGroups).toEqual([]);
    expect(readConfig({ LOCAL_DEV_GROUPS: '' }).developmentGroups).toEqual([]);
  });
});
