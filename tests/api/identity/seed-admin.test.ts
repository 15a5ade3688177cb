import { expect, test } from 'vitest';
import { grantRole } from '../../../src/access/grant-role.ts';
import { createSetupSecret, setupNeeded } from '../../../src/identity/setup.ts';
import { readConfig } from '../../../src/kernel/config.ts';
import { createUser } from '../../../src/people/create-user.ts';
import { ask, startTestServer, type TestServer } from '../../kit/server.ts';
import { newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { password, signIn } from './browser.ts';

const environment = { SEED_ADMIN_EMAIL: 'Ada@example.com', SEED_ADMIN_PASSWORD: password };

async function withServer(
  given: Record<string, string>,
  use: (server: TestServer) => Promise<void>,
  dataDir?: string,
): Promise<void> {
  const server = await startTestServer({ environment: given, dataDir });
  try {
    await use(server);
  } finally {
    await (dataDir === undefined ? server.close() : server.stop());
  }
}

const state = `{ instance { setupNeeded } }`;

test('an empty instance gets the administrator of the configuration once; another start changes nothing', async () => {
  await withServer(environment, async (server) => {
    expect((await ask(server, { as: null, query: state })).data.instance.setupNeeded).toBe(false);
    expect(await newestEvent(server)).toMatchObject({
      actor: 'system',
      action: 'instance.administratorSeeded',
      details: { email: 'ada@example.com' },
    });
    const { session } = await signIn(server, { email: 'ada@example.com' });
    const query = '{ viewer { coreRole { key } } users { totalCount: edges { node { email } } } }';
    expect((await ask(server, { as: { session: session! }, query })).data).toEqual({
      viewer: { coreRole: { key: 'core.admin' } },
      users: { totalCount: [{ node: { email: 'ada@example.com' } }] },
    });
    await server.stop();
    for (const other of [
      { SEED_ADMIN_EMAIL: 'eve@example.com', SEED_ADMIN_PASSWORD: 'another password' },
      { SEED_ADMIN_EMAIL: 'ada@example.com', SEED_ADMIN_PASSWORD: 'another password' },
    ]) {
      await withServer(
        other,
        async (again) => {
          expect((await ask(again, { as: { session: session! }, query })).data.users.totalCount).toHaveLength(1);
          expect((await signIn(again, { email: 'ada@example.com' })).result.__typename).toBe('SignInPayload');
        },
        server.dataDir,
      );
    }
  });
});

test('somebody who is known and inactive, with a grant that has ended, becomes an active administrator; setup closes', async () => {
  await withServer({}, async (server) => {
    const ada = await server.run(createUser, { email: 'ada@example.com' });
    await server.run(grantRole, {
      userId: ada.id,
      roleKey: 'core.admin',
      startsAt: new Date(Date.now() + 86_400_000),
      expiresAt: new Date(Date.now() + 2 * 86_400_000),
    });
    await server.deactivate(ada);
    const secret = await createSetupSecret(server.open.services);
    await server.stop();
    await withServer(
      environment,
      async (again) => {
        expect(setupNeeded(again.open.services)).toBe(false);
        expect((await signIn(again, { email: 'ada@example.com' })).result.__typename).toBe('SignInPayload');
        const input = { secret, email: 'eve@example.com', password };
        expect(await mutate(again, null, { field: 'completeSetup', input })).toMatchObject({ code: 'SETUP_CLOSED' });
      },
      server.dataDir,
    );
  });
});

test('a password that is too short stops the start with one sentence, and makes nobody', async () => {
  const short = { ...environment, SEED_ADMIN_PASSWORD: 'short' };
  await withServer({}, async (server) => {
    await server.stop();
    await expect(startTestServer({ environment: short, dataDir: server.dataDir })).rejects.toThrow(
      /^SEED_ADMIN_PASSWORD: A password has at least 12 characters\.$/,
    );
    await withServer({}, async (again) => expect(setupNeeded(again.open.services)).toBe(true), server.dataDir);
  });
});

test('an address without a password, or the other way round, stops the start', () => {
  for (const key of ['SEED_ADMIN_EMAIL', 'SEED_ADMIN_PASSWORD'] as const) {
    expect(() => readConfig({ [key]: environment[key] })).toThrow(/SEED_ADMIN_PASSWORD together, or neither/);
  }
});
