import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createDatabase, postgresMissing } from '../kit/postgres.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { askData, completeSetup, lastRunEnded, makeShop, sqlRows, startShopSync, syncRuns } from './first-steps.ts';
import { addressOf, occupyPort, setupSecretOf, startProgram } from './program.ts';

const setupLink = /\/setup#/;

function quiet(dataDir: string): Record<string, string> {
  return { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', FILES_ALLOWED_ROOTS: dataDir };
}

describe('what cannot start says why', () => {
  test('a broken configuration tells every fault at once and writes nothing', async () => {
    const dataDir = join(scratchFolder(), 'data');
    const environment = {
      PORT: 'eighty',
      DATABASE_URL: 'mysql://db.example.com/x',
      LOG_LEVEL: 'loud',
      PUBLIC_URL: 'agnes',
    };
    const program = startProgram('server', { ...environment, DATA_DIR: dataDir });
    expect(await program.ended).toBe(1);
    for (const key of Object.keys(environment)) expect(program.printed()).toMatch(new RegExp(`^  - ${key}: .+$`, 'm'));
    expect(program.printed()).not.toContain('    at ');
    expect(existsSync(dataDir)).toBe(false);
  });

  test('development mode is refused on a host that others can reach', async () => {
    const dataDir = join(scratchFolder(), 'data');
    const program = startProgram('server', { ...quiet(dataDir), HOST: '0.0.0.0', LOCAL_DEV_MODE: '1' });
    expect(await program.ended).toBe(1);
    expect(program.printed()).toContain('development mode answers only on a loopback host; HOST is 0.0.0.0');
    expect(existsSync(dataDir)).toBe(false);
  });

  test('a busy port is one sentence', async () => {
    const port = await occupyPort();
    const program = startProgram('server', { ...quiet(scratchFolder()), PORT: String(port) });
    expect(await program.ended).toBe(1);
    expect(program.printed()).toBe(`Port ${port} of 127.0.0.1 is taken by another program; set PORT to a free one.\n`);
  });

  test('a second process on the same DATA_DIR is one sentence with the number of the first', async () => {
    const dataDir = scratchFolder();
    const first = startProgram('server', quiet(dataDir));
    await addressOf(first);
    const second = startProgram('server', quiet(dataDir));
    expect(await second.ended).toBe(1);
    expect(second.printed()).toMatch(new RegExp(`^\\S+ is in use by process ${first.pid}; stop it first .+\\.\\n$`));
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);
  }, 60_000);
});

test('an empty instance prints one setup link, a restart another; the first works until one is used, then none is printed', async () => {
  const dataDir = scratchFolder();
  const first = startProgram('server', quiet(dataDir));
  const firstSecret = await setupSecretOf(first);
  first.signal('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(first.printed().match(/\/setup#/g)).toHaveLength(1);

  const second = startProgram('server', quiet(dataDir));
  const secondSecret = await setupSecretOf(second);
  expect(secondSecret).not.toBe(firstSecret);
  const url = await addressOf(second);
  const session = await completeSetup(url, firstSecret);
  await expect(completeSetup(url, secondSecret)).rejects.toThrow(/SetupClosedError/);
  second.signal('SIGTERM');
  expect(await second.ended).toBe(0);

  const third = startProgram('server', { ...quiet(dataDir), PORT: new URL(url).port });
  const query = '{ viewer { coreRole { key } } }';
  const answer = await askData(await addressOf(third), { as: session, query });
  expect(answer.viewer.coreRole.key).toBe('core.admin');
  third.signal('SIGTERM');
  expect(await third.ended).toBe(0);
  expect(third.printed()).not.toMatch(setupLink);
}, 120_000);

test('SIGTERM ends a server cleanly within seconds while a sync runs and a socket is open', async () => {
  const dataDir = scratchFolder();
  const program = startProgram('server', quiet(dataDir));
  const url = await addressOf(program);
  const session = await completeSetup(url, await setupSecretOf(program));
  const big = `id,text\n${Array.from({ length: 300_000 }, (_, id) => `${id},some text for row ${id}\n`).join('')}`;
  const files = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, big]));
  const folder = join(dataDir, 'files');
  mkdirSync(folder);
  await makeShop(url, { as: session, folder, files });
  const socket = new WebSocket(url.replace('http', 'ws') + '/graphql', 'graphql-transport-ws', {
    headers: { Cookie: `agnes=${session.session}`, Origin: url },
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await startShopSync(url, session);
  const begun = Date.now();
  program.signal('SIGTERM');
  expect(await program.ended).toBe(0);
  expect(Date.now() - begun).toBeLessThan(10_000);
  expect(await closed).toBe(1001);
  expect(program.printed()).not.toMatch(/ {4}at |"level":50/);

  const next = startProgram('server', { ...quiet(dataDir), PORT: new URL(url).port });
  await addressOf(next);
  const sentence = 'The server stopped while this run was on its way; start it again.';
  const [run] = await syncRuns(url, session);
  expect(run).toMatchObject({ state: 'FAILED', error: sentence });
  expect(run!.tables.filter(({ state }) => state !== 'SUCCEEDED' && state !== 'FAILED')).toEqual([]);
}, 120_000);

describe.skipIf(postgresMissing)('on PostgreSQL', () => {
  test('the server starts, and setup, a file, a sync and a statement work; a restart keeps it all', async () => {
    const dataDir = scratchFolder();
    const environment = { ...quiet(dataDir), DATABASE_URL: await createDatabase() };
    const program = startProgram('server', environment);
    const url = await addressOf(program);
    const session = await completeSetup(url, await setupSecretOf(program));
    await makeShop(url, { as: session, folder: dataDir, files: { orders: 'id,amount\n1,10.50\n2,20.25\n' } });
    await startShopSync(url, session);
    expect((await lastRunEnded(url, session)).state).toBe('SUCCEEDED');
    const statement = 'SELECT count(*), CAST(sum(amount) AS VARCHAR) FROM shop.orders';
    expect(await sqlRows(url, { as: session, statement })).toEqual([['2', '30.75']]);
    expect(existsSync(join(dataDir, 'state/system.duckdb'))).toBe(false);

    for (const folder of [dataDir, join(dataDir, 'elsewhere')]) {
      const second = startProgram('server', { ...environment, DATA_DIR: folder });
      expect(await second.ended).toBe(1);
      expect(second.printed()).toMatch(/^PostgreSQL \S+ is in use by another server; stop that one first\.\n$/);
    }

    program.signal('SIGTERM');
    expect(await program.ended).toBe(0);
    const port = new URL(url).port;
    const next = startProgram('server', { ...environment, PORT: port });
    expect(await sqlRows(await addressOf(next), { as: session, statement })).toEqual([['2', '30.75']]);
    next.signal('SIGTERM');
    expect(await next.ended).toBe(0);
    expect(next.printed()).not.toMatch(setupLink);
  }, 120_000);
});
