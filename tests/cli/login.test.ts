import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAuditEvents } from '../../src/audit/read-audit-events.ts';
import { shownUserCode } from '../../src/identity/device.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { letDeviceIn } from '../api/identity/device-flow.ts';
import { mutate } from '../api/mutate.ts';
import { da, type Ended } from './run-da.ts';

let server: TestServer;
let now = Date.now();
let ada: TestPerson;

beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => new Date(now) } });
  ada = await server.person('ada', ['core.viewer']);
});
afterAll(() => server.close());

const configFile = (configHome: string) => join(configHome, 'agnes/config.json');
const stored = (configHome: string) => JSON.parse(readFileSync(configFile(configHome), 'utf8'));
const change = (configHome: string, changed: object) =>
  writeFileSync(configFile(configHome), JSON.stringify({ ...stored(configHome), ...changed }));

async function whoami(XDG_CONFIG_HOME: string): Promise<unknown> {
  const { code, stdout } = await da(['auth', 'whoami', '--json'], { env: { XDG_CONFIG_HOME } });
  return code === 0 ? JSON.parse(stdout) : code;
}

async function audited(action: string): Promise<number> {
  return (await listAuditEvents(server.open.services.store, { limit: 100, action })).length;
}

/** Runs `da auth login`, while a person decides on the page; resolves to how it ended and the code it had. */
async function logIn(configHome: string, field: 'approveDevice' | 'denyDevice', words: readonly string[] = []) {
  const { db } = server.open.services.store;
  const running = da(['auth', 'login', '--server', server.url, ...words], { env: { XDG_CONFIG_HOME: configHome } });
  const waiting = () => db.selectFrom('device_requests').selectAll().where('state', '=', 'pending').execute();
  await expect.poll(waiting, { timeout: 15_000 }).toHaveLength(1);
  const [request] = await waiting();
  const userCode = shownUserCode(request!.user_code);
  await mutate(server, { session: ada.session }, { field, input: { userCode } });
  return { ended: await running, userCode };
}

/** A folder as `da auth login` leaves it, without the waiting. */
async function signedIn(): Promise<string> {
  const configHome = scratchFolder();
  const given = await letDeviceIn(server, ada);
  const tokenEndsAt = new Date(now + Number(given['expires_in']) * 1000).toISOString();
  const kept = { server: server.url, token: given['access_token'], refreshToken: given['refresh_token'], tokenEndsAt };
  mkdirSync(join(configHome, 'agnes'));
  writeFileSync(configFile(configHome), JSON.stringify(kept), { mode: 0o600 });
  return configHome;
}

test('login prints address and code, waits for the person, and stores tokens for the owner alone; sign-out ends them', async () => {
  const home = scratchFolder();
  const { ended, userCode } = await logIn(home, 'approveDevice', ['--json']);
  expect(ended).toEqual<Ended>({
    code: 0,
    stdout: expect.any(String),
    stderr: `Open ${server.url}/device in a browser and enter the code ${userCode}.\nSigned in to ${server.url} as ada@example.com.\n`,
  });
  expect(JSON.parse(ended.stdout)).toEqual({
    server: server.url,
    email: 'ada@example.com',
    name: 'ada',
    credential: 'DEVICE',
  });
  expect(stored(home)).toEqual({
    server: server.url,
    token: expect.stringMatching(/^agnes_dat_/),
    refreshToken: expect.stringMatching(/^agnes_drt_/),
    tokenEndsAt: expect.any(String),
  });
  expect(statSync(configFile(home)).mode & 0o777).toBe(0o600);
  expect(await whoami(home)).toMatchObject({ email: 'ada@example.com', credential: 'DEVICE' });
  const { token, refreshToken } = stored(home);
  expect(ended.stdout + ended.stderr).not.toContain(token);
  expect(ended.stdout + ended.stderr).not.toContain(refreshToken);

  const out = await da(['auth', 'sign-out'], { env: { XDG_CONFIG_HOME: home } });
  expect(out).toEqual<Ended>({ code: 0, stdout: '', stderr: `Signed out of ${server.url}.\n` });
  expect(stored(home)).toEqual({ server: server.url });
  expect((await ask(server, { as: { token }, query: '{ viewer { email } }' })).status).toBe(401);
  expect(await audited('device.ended')).toBe(1);
});

test('a second login ends the first', async () => {
  const home = await signedIn();
  const { token } = stored(home);
  expect((await logIn(home, 'approveDevice')).ended.code).toBe(0);
  expect((await ask(server, { as: { token }, query: '{ viewer { email } }' })).status).toBe(401);
  expect(await whoami(home)).toMatchObject({ email: 'ada@example.com' });
});

test('a denied login says so and stores nothing', async () => {
  const home = scratchFolder();
  const { ended } = await logIn(home, 'denyDevice');
  expect(ended).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringMatching(/The sign-in was denied in the web app\.\n$/),
  });
  expect(existsSync(configFile(home))).toBe(false);
});

test('commands that run at once refresh a token that ends once between them, and none takes it for theft', async () => {
  const home = await signedIn();
  const before = await audited('device.refreshed');
  change(home, { tokenEndsAt: new Date(0).toISOString() });
  const seen = await Promise.all([1, 2, 3, 4].map(() => whoami(home)));
  expect(seen).toEqual(Array(4).fill(expect.objectContaining({ email: 'ada@example.com' })));
  expect(await audited('device.refreshed')).toBe(before + 1);
  expect(await audited('refreshToken.reused')).toBe(0);
  expect(existsSync(join(home, 'agnes/refresh.lock'))).toBe(false);
});

test('a token that the server has ended is replaced, and a lock that a killed da left behind is no obstacle', async () => {
  const home = await signedIn();
  const { token } = stored(home);
  writeFileSync(join(home, 'agnes/refresh.lock'), '999999999');
  now += 3_600_000;
  expect(await whoami(home)).toMatchObject({ email: 'ada@example.com' });
  expect(stored(home).token).not.toBe(token);
});

test('a sign-in that was ended elsewhere is told, forgotten, and DA_TOKEN wins over it as ever', async () => {
  const home = await signedIn();
  const devices = (await ask(server, { as: { session: ada.session }, query: '{ viewer { devices { id } } }' })).data
    .viewer.devices;
  for (const { id } of devices) await mutate(server, { session: ada.session }, { field: 'endDevice', input: { id } });
  const env = { XDG_CONFIG_HOME: home };
  const withToken = await da(['auth', 'whoami', '--json'], { env: { ...env, DA_TOKEN: ada.token } });
  expect(JSON.parse(withToken.stdout)).toMatchObject({ credential: 'PAT' });
  expect(await da(['auth', 'whoami'], { env })).toEqual<Ended>({
    code: 3,
    stdout: '',
    stderr: `The sign-in at ${server.url} has ended; sign in again with \`da auth login\`.\n`,
  });
  expect(stored(home)).toEqual({ server: server.url });
});
