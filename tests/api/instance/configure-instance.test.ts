import { readFileSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setCoreRole } from '../../../src/access/set-core-role.ts';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { z } from 'zod';
import type { Connector } from '../../../connectors/contract.ts';
import { readConfig } from '../../../src/kernel/config.ts';
import { startIssuer } from '../../kit/issuer.ts';
import { ask, startTestServer, type Shown, type TestServer } from '../../kit/server.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const issuer = await startIssuer();
await issuer.serve(['http://127.0.0.1/unused']);
afterAll(() => issuer.close());

const configure = `mutation ($input: ConfigureInstanceInput!) { configureInstance(input: $input) {
  __typename
  ... on ConfigureInstancePayload { instance { name signInDoors { url } configuration { allowedDomains providers { id isOpen allowedDomains } } } }
  ... on Error { code message }
  ... on InvalidInputError { fields { path message } }
} }`;
const setSecret = `mutation ($input: SetSecretInput!) { setSecret(input: $input) {
  __typename
  ... on SetSecretPayload { secret { name isSet fixedByEnvironment neededBy } }
  ... on InvalidInputError { fields { path message } }
} }`;

const partners = {
  id: 'partners',
  label: 'Partners',
  issuer: issuer.url,
  clientId: issuer.clientId,
  clientSecretEnv: 'PARTNERS_CLIENT_SECRET',
};

async function send(server: TestServer, as: Shown, query: string, input: object) {
  const { data, errors } = await ask(server, { as, query, variables: { input } });
  return (data ? Object.values(data)[0] : errors) as Record<string, never>;
}

function faultsOf(result: Record<string, never>): [string, string][] {
  const fields = (result as { fields?: { path: string; message: string }[] }).fields ?? [];
  return fields.map(({ path, message }) => [path, message]);
}

function readOverlay(server: TestServer): string {
  return readFileSync(join(server.dataDir, 'state/.env_overlay'), 'utf8');
}

describeServersOnBoth((server) => {
  let admin: { token: string };
  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
    // Somebody else remains when roles are taken.
    await server().person('other', ['core.admin']);
  });
  const change = (input: object) => send(server(), admin, configure, input);
  const keep = (name: string, value: string) => send(server(), admin, setSecret, { name, value });

  test('a name counts at once, also for those who are not signed in, and is audited', async () => {
    const result = await change({ name: '  Example data ' });
    expect(result).toMatchObject({ instance: { name: 'Example data' } });
    expect((await ask(server(), { as: null, query: '{ instance { name } }' })).data.instance.name).toBe('Example data');
    const [event] = await listAuditEvents(server().open.services.store, { limit: 1 });
    expect(event).toMatchObject({
      action: 'instance.configured',
      resource: 'instance',
      actor: 'admin@example.com',
      details: { before: { name: null }, after: { name: 'Example data' } },
    });
  });

  test('a provider is open once its issuer answered and its secret is set, without a restart', async () => {
    expect(await keep('PARTNERS_CLIENT_SECRET', 'x')).toMatchObject({
      fields: [{ path: 'name', message: expect.stringContaining('Nothing here needs a secret called') }],
    });
    const result = await change({ allowedDomains: ['Example.com'], providers: [partners] });
    expect(result).toMatchObject({
      instance: { configuration: { providers: [{ id: 'partners', isOpen: false, allowedDomains: ['example.com'] }] } },
    });
    const doors = '{ instance { signInDoors { url } } }';
    expect(JSON.stringify((await ask(server(), { as: null, query: doors })).data)).not.toContain('partners');
    const set = await keep('PARTNERS_CLIENT_SECRET', issuer.clientSecret);
    expect(set).toEqual({
      __typename: 'SetSecretPayload',
      secret: {
        name: 'PARTNERS_CLIENT_SECRET',
        isSet: true,
        fixedByEnvironment: false,
        neededBy: ['provider partners'],
      },
    });
    expect(JSON.stringify((await ask(server(), { as: null, query: doors })).data)).toContain(
      '/auth/oidc/partners/start',
    );
    const sent = await fetch(`${server().url}/auth/oidc/partners/start`, { redirect: 'manual' });
    expect(sent.headers.get('location')).toMatch(`${issuer.url}/auth?`);
    const [event] = await listAuditEvents(server().open.services.store, { limit: 1 });
    expect(event).toMatchObject({ action: 'secret.set', details: { name: 'PARTNERS_CLIENT_SECRET' } });
    expect(JSON.stringify(event)).not.toContain(issuer.clientSecret);
    expect(readOverlay(server())).toContain('PARTNERS_CLIENT_SECRET=');
    expect(statSync(join(server().dataDir, 'state/.env_overlay')).mode & 0o777).toBe(0o600);
  });

  test('the file that is left behind is what INSTANCE_CONFIG takes, and has no secret', async () => {
    const path = join(server().dataDir, 'instance.yaml');
    const text = readFileSync(path, 'utf8');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(text).not.toContain(issuer.clientSecret);
    const copy = join(server().dataDir, 'copy.yaml');
    writeFileSync(copy, text);
    // The secret comes out of the folder, as at every start.
    const { fixedSettings } = readConfig({ INSTANCE_CONFIG: copy, DATA_DIR: server().dataDir });
    expect(fixedSettings).toMatchObject({
      name: 'Example data',
      allowedDomains: { domains: ['example.com'], by: 'INSTANCE_CONFIG' },
      providers: [{ ...partners, clientSecret: issuer.clientSecret, allowedDomains: null, fixedBy: 'INSTANCE_CONFIG' }],
    });
  });

  test('its health is what is found', async () => {
    const query = `{ instance { health {
      dataDirectory freeBytes diskBytes stateDatabase stateBytes queuedRuns runningRuns openExports waitingEvents } } }`;
    const { dataDir, open } = server();
    const { health } = (await ask(server(), { as: admin, query })).data.instance;
    expect(health).toMatchObject({
      dataDirectory: dataDir,
      stateDatabase: open.services.store.dialect === 'duckdb' ? 'DUCKDB' : 'POSTGRESQL',
      queuedRuns: 0,
      runningRuns: 0,
      openExports: 0,
      waitingEvents: 0,
    });
    const { bavail, bsize } = statfsSync(dataDir);
    expect(Math.abs(Number(health.freeBytes) / (bavail * bsize) - 1)).toBeLessThan(0.2);
    expect(Number(health.diskBytes)).toBeGreaterThan(Number(health.freeBytes));
    expect(Number(health.stateBytes)).toBeGreaterThan(100_000);
  });

  test('its health counts what waits and what is on its way', async () => {
    const { store } = server().open.services;
    const run = {
      source_id: 'gone',
      requested_by: 'test',
      full_refresh: false,
      tasks: null,
      error: null,
      report: null,
    };
    const times = { started_at: null, finished_at: null };
    await store.write(async ({ db, at }) => {
      const states = ['queued', 'queued', 'running', 'failed'] as const;
      const runs = states.map((state, index) => ({ ...run, ...times, id: `run-${index}`, state, queued_at: at }));
      await db.insertInto('sync_runs').values(runs).execute();
      const event = { source_id: 'gone', event_key: 'x', event: '{}', received_at: at };
      const events = [1, 2, 3].map((seq) => ({ ...event, id: `event-${seq}`, seq }));
      await db.insertInto('source_events').values(events).execute();
    });
    const query = '{ instance { health { queuedRuns runningRuns openExports waitingEvents } } }';
    const { health } = (await ask(server(), { as: admin, query })).data.instance;
    await store.write(async ({ db }) => {
      await db.deleteFrom('sync_runs').where('source_id', '=', 'gone').execute();
      await db.deleteFrom('source_events').where('source_id', '=', 'gone').execute();
    });
    expect(health).toEqual({ queuedRuns: 2, runningRuns: 1, openExports: 0, waitingEvents: 3 });
  });

  test.each([
    [{}, '', 'Say what to change'],
    [{ name: ' ' }, 'name', 'A name is not empty.'],
    [{ name: 'two\nlines' }, 'name', 'A name is one line of text.'],
    [{ allowedDomains: ['*'] }, 'allowedDomains.0', 'This is not a domain'],
    [{ providers: [{ ...partners, issuer: 'http://127.0.0.1:1' }] }, 'providers.0.issuer', 'cannot be reached'],
    [{ providers: [{ ...partners, issuer: `${issuer.url}/` }] }, 'providers.0.issuer', 'calls itself'],
    [{ providers: [{ ...partners, issuer: 'http://id.example.com' }] }, 'providers.0.issuer', 'reached by https'],
    [{ providers: [partners, partners] }, 'providers.1.id', 'Two providers have the id partners.'],
    [
      { providers: [{ ...partners, clientSecretEnv: 'GOOGLE_CLIENT_SECRET' }] },
      'providers.0.clientSecretEnv',
      'something else',
    ],
    [
      { providers: [{ ...partners, clientSecretEnv: 'DATABASE_URL' }] },
      'providers.0.clientSecretEnv',
      '_CLIENT_SECRET',
    ],
  ])('%j is refused at its field and changes nothing', async (input, path, sentence) => {
    const before = server().open.services.instanceSettings.stored;
    const [fault] = faultsOf(await change(input));
    expect(fault).toEqual([path, expect.stringContaining(sentence)]);
    expect(server().open.services.instanceSettings.stored).toEqual(before);
  });

  test('no line can be smuggled into the file of secrets, which the predecessor allowed', async () => {
    const before = readOverlay(server());
    for (const value of ['x\nLOCAL_DEV_MODE=1', 'x\rLOCAL_DEV_MODE=1', '']) {
      expect(await keep('PARTNERS_CLIENT_SECRET', value)).toMatchObject({ fields: [{ path: 'value' }] });
    }
    const variables = { input: { name: 'PARTNERS_CLIENT_SECRET', value: 'x\0' } };
    expect((await ask(server(), { as: admin, query: setSecret, variables })).errors).toHaveLength(1);
    for (const name of ['LOCAL_DEV_MODE', 'FILES_ALLOWED_ROOTS', 'PATH', 'A\nB']) {
      expect(await keep(name, '1')).toMatchObject({ fields: [{ path: 'name' }] });
    }
    expect(readOverlay(server())).toBe(before);
  });

  test('the parts of Instance for administrators are refused to everybody else, and to who has just lost the role', async () => {
    const analyst = await server().person('analyst', ['core.analyst']);
    const former = await server().person('former', ['core.admin']);
    const fields = ['configuration { name }', 'secrets { name }', 'setup { complete }', 'health { freeBytes }'];
    const codes = (as: Shown) =>
      Promise.all(
        fields.map(async (field) => {
          const { data, errors } = await ask(server(), { as, query: `{ instance { name ${field} } }` });
          return [Object.values(data.instance as object)[1] === null, errors?.[0]?.extensions['code']];
        }),
      );
    expect(await codes(null)).toEqual(fields.map(() => [true, 'UNAUTHENTICATED']));
    expect(await codes(analyst)).toEqual(fields.map(() => [true, 'FORBIDDEN']));
    expect(await codes(former)).toEqual(fields.map(() => [false, undefined]));
    await server().run(setCoreRole, { userId: former.id, roleKey: 'core.analyst' });
    expect(await codes(former)).toEqual(fields.map(() => [true, 'FORBIDDEN']));
    const before = readOverlay(server());
    for (const [query, input] of [
      [configure, { name: 'Taken over' }],
      [setSecret, { name: 'PARTNERS_CLIENT_SECRET', value: 'taken over' }],
    ] as const) {
      const { data, errors } = await ask(server(), { as: former, query, variables: { input } });
      expect([Object.values(data as object)[0], errors?.[0]?.extensions['code']]).toEqual([null, 'FORBIDDEN']);
    }
    const queries = ['{ connectors { kind } }', '{ checkSource(source: "shop") { ok } }'];
    for (const query of queries) {
      expect((await ask(server(), { as: former, query })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    }
    expect(readOverlay(server())).toBe(before);
    expect(server().open.services.instanceSettings.name).toBe('Example data');
  });

  test('a provider that is left out is closed at once', async () => {
    expect(await change({ providers: [] })).toMatchObject({ instance: { signInDoors: [{ url: null }] } });
    const sent = await fetch(`${server().url}/auth/oidc/partners/start`, { redirect: 'manual' });
    expect(sent.headers.get('location')).toContain('signInError=unknown-provider');
  });
});

describe('what the operator fixes', () => {
  let server: TestServer;
  let admin: { token: string };

  beforeAll(async () => {
    server = await startTestServer();
    admin = await server.person('admin', ['core.admin']);
    await send(server, admin, configure, { name: 'Said here', allowedDomains: ['example.org'], providers: [partners] });
    await send(server, admin, setSecret, { name: 'PARTNERS_CLIENT_SECRET', value: 'said here' });
    await server.stop();
    const file = join(server.dataDir, 'own.yaml');
    writeFileSync(file, 'name: Said in the file\ncontact: data@example.com\nsignIn: { providers: [] }\n');
    server = await startTestServer({
      dataDir: server.dataDir,
      environment: {
        INSTANCE_CONFIG: file,
        ALLOWED_EMAIL_DOMAINS: 'example.com',
        OIDC_ISSUER: 'https://id.example.com',
        OIDC_CLIENT_ID: 'agnes',
        OIDC_CLIENT_SECRET: 'secret',
      },
    });
  });
  afterAll(() => server.close());

  test('wins, is shown as fixed, and is refused with the key that fixes it', async () => {
    const query = `{ instance { name contact signInDoors { url } configuration { name nameFixedBy contactFixedBy allowedDomains
      allowedDomainsFixedBy providersFixedBy providers { id fixedBy allowedDomains } } } }`;
    expect((await ask(server, { as: admin, query })).data.instance).toEqual({
      name: 'Said in the file',
      contact: 'data@example.com',
      signInDoors: [{ url: '/auth/oidc/oidc/start' }, { url: null }],
      configuration: {
        name: 'Said in the file',
        nameFixedBy: 'INSTANCE_CONFIG',
        contactFixedBy: 'INSTANCE_CONFIG',
        allowedDomains: ['example.com'],
        allowedDomainsFixedBy: 'ALLOWED_EMAIL_DOMAINS',
        providersFixedBy: 'INSTANCE_CONFIG',
        providers: [{ id: 'oidc', fixedBy: 'OIDC_ISSUER', allowedDomains: ['example.com'] }],
      },
    });
    const input = { name: 'x', allowedDomains: [], providers: [{ ...partners, id: 'oidc' }] };
    expect(faultsOf(await send(server, admin, configure, input))).toEqual([
      ['name', 'The name is fixed by name in INSTANCE_CONFIG; change it there.'],
      ['allowedDomains', 'The allowed domains are fixed by ALLOWED_EMAIL_DOMAINS; change them there.'],
      ['providers', 'The providers are fixed by signIn.providers in INSTANCE_CONFIG; change them there.'],
      ['providers.0.id', 'The provider oidc is fixed by OIDC_ISSUER; change it there.'],
    ]);
    const written = readFileSync(join(server.dataDir, 'instance.yaml'), 'utf8');
    expect(written).toMatch(/fixed by INSTANCE_CONFIG[^]*name: Said in the file[^]*fixed by ALLOWED_EMAIL_DOMAINS/);
    expect(written).not.toContain('said here');
    expect(written).toContain('contact: data@example.com');
    const nobody = await ask(server, { as: null, query: '{ instance { name contact } }' });
    expect(nobody.data.instance).toEqual({ name: 'Said in the file', contact: null });
  });

  test('a stored setting that is broken is named, counts as not set, lets nobody in, and can be set again', async () => {
    await server.open.services.store.write(async (tx) => {
      for (const [key, value] of [
        ['name', '{'],
        ['allowedDomains', '["*"]'],
        ['providers', '[{"id":"partners"}]'],
        ['other', '1'],
      ] as const) {
        const row = { value, updated_at: tx.at };
        await tx.db
          .insertInto('instance_settings')
          .values({ key, ...row })
          .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
          .execute();
      }
    });
    await server.stop();
    server = await startTestServer({ dataDir: server.dataDir });
    const query = `{ instance { name signInDoors { url } setup { steps { step done todo } }
      configuration { allowedDomains faults { key message } } } }`;
    const { instance } = (await ask(server, { as: admin, query })).data;
    expect(instance).toMatchObject({
      name: 'Agnes',
      signInDoors: [{ url: null }],
      configuration: { allowedDomains: [] },
    });
    expect(instance.configuration.faults.map(({ key }: { key: string }) => key)).toEqual([
      'allowedDomains',
      'name',
      'other',
      'providers',
    ]);
    expect(instance.configuration.faults[0].message).toContain(
      'allowedDomains cannot be used (0: This is not a domain',
    );
    expect(instance.setup.steps[0]).toMatchObject({
      step: 'NAME',
      done: false,
      todo: expect.stringContaining('allowedDomains'),
    });
    await send(server, admin, configure, { name: 'Again', allowedDomains: [], providers: [] });
    expect(server.open.services.instanceSettings.faults.map(({ key }) => key)).toEqual(['other']);
  });
});

describe('the secret of a provider', () => {
  let server: TestServer;
  let admin: { token: string };
  const doors = () => server.open.services.instanceSettings.openProviders().map(({ id }) => id);
  const keep = (name: string, value: string) => send(server, admin, setSecret, { name, value });
  const configured = (providers: object[]) => send(server, admin, configure, { providers });

  beforeAll(async () => {
    server = await startTestServer({ environment: { OTHERS_CLIENT_SECRET: 'of the environment' } });
    admin = await server.person('admin', ['core.admin']);
  });
  afterAll(() => server.close());

  test('is never a variable of the environment: an administrator could send it to an issuer of their own', async () => {
    const clientSecretEnv = 'OTHERS_CLIENT_SECRET';
    expect(faultsOf(await configured([{ ...partners, clientSecretEnv }]))).toEqual([
      ['providers.0.clientSecretEnv', expect.stringContaining('stands in the environment')],
    ]);
    const twice = [partners, { ...partners, id: 'more' }];
    expect(faultsOf(await configured(twice))).toEqual([
      ['providers.1.clientSecretEnv', expect.stringContaining('something else')],
    ]);
    expect(await configured([partners])).toMatchObject({ __typename: 'ConfigureInstancePayload' });
    await keep('PARTNERS_CLIENT_SECRET', issuer.clientSecret);
    expect(doors()).toEqual(['partners']);
    await server.stop();
    server = await startTestServer({
      dataDir: server.dataDir,
      environment: { PARTNERS_CLIENT_SECRET: 'of the environment' },
    });
    const [open] = server.open.services.instanceSettings.openProviders();
    expect(open?.clientSecret).toBe(issuer.clientSecret);
    await server.stop();
    server = await startTestServer({ dataDir: server.dataDir });
  });

  test('goes to the issuer for which it was given alone: with another one the door is closed until it is given again', async () => {
    const other = await startIssuer();
    try {
      await other.serve(['http://127.0.0.1/unused']);
      const moved = await configured([{ ...partners, issuer: other.url }]);
      expect(moved).toMatchObject({ __typename: 'ConfigureInstancePayload' });
      expect(doors()).toEqual([]);
      await configured([]);
      await configured([{ ...partners, id: 'again', issuer: other.url }]);
      expect(doors()).toEqual([]);
      await keep('PARTNERS_CLIENT_SECRET', 'another');
      expect(doors()).toEqual(['again']);
    } finally {
      await other.close();
    }
  });

  test('is taken away at once and after a restart, audited, and by nobody but administrators', async () => {
    const removeSecret = `mutation ($input: RemoveSecretInput!) { removeSecret(input: $input) {
      __typename ... on RemoveSecretPayload { secret { name isSet } } ... on InvalidInputError { fields { path message } } } }`;
    const remove = (as: Shown, name = 'PARTNERS_CLIENT_SECRET') => send(server, as, removeSecret, { name });
    const former = await server.person('former', ['core.admin']);
    await server.run(setCoreRole, { userId: former.id, roleKey: 'core.analyst' });
    for (const [as, code] of [
      [null, 'UNAUTHENTICATED'],
      [former, 'FORBIDDEN'],
    ] as const) {
      const { errors } = await ask(server, {
        as,
        query: removeSecret,
        variables: { input: { name: 'PARTNERS_CLIENT_SECRET' } },
      });
      expect(errors?.[0]?.extensions['code']).toBe(code);
    }
    expect(doors()).toEqual(['again']);
    expect(faultsOf(await remove(admin, 'PATH'))).toEqual([['name', expect.stringContaining('PATH')]]);
    expect(await remove(admin)).toMatchObject({ secret: { name: 'PARTNERS_CLIENT_SECRET', isSet: false } });
    expect(doors()).toEqual([]);
    const [event] = await listAuditEvents(server.open.services.store, { limit: 1 });
    expect(event).toMatchObject({
      action: 'secret.removed',
      actor: 'admin@example.com',
      details: { name: 'PARTNERS_CLIENT_SECRET', wasSet: true },
    });
    expect(readOverlay(server)).not.toContain('PARTNERS_CLIENT_SECRET');
    server = await server.restart();
    expect(doors()).toEqual([]);
  });
});

/** A connector that declares a secret, another one, and a wall of the operator. */
const letters: Connector = {
  kind: 'letters',
  displayName: 'Letters',
  description: 'Letters of a service.',
  environment: ['LETTERS_TOKEN', 'LETTERS_KEY', 'LETTERS_ALLOWED_ROOTS'],
  secrets: ['LETTERS_TOKEN', 'LETTERS_KEY', 'UNDECLARED_TOKEN'],
  sourceConfig: z.strictObject({}),
  tableOptions: z.strictObject({}),
  async check({ readEnv }) {
    if (readEnv('LETTERS_TOKEN') !== 'good') throw new Error('LETTERS_TOKEN is not good.');
  },
  discover: async () => [],
  extract: async () => {},
};

test('the secret of a connector counts at once and after a restart; its other variables stay with the operator', async () => {
  let server = await startTestServer({ connectors: [letters], environment: { LETTERS_KEY: 'of the environment' } });
  try {
    const admin = await server.person('admin', ['core.admin']);
    const keep = (name: string, value: string) => send(server, admin, setSecret, { name, value });
    const secrets = async () =>
      (
        await ask(server, { as: admin, query: '{ instance { secrets { name isSet fixedByEnvironment } } }' })
      ).data.instance.secrets.filter(({ name }: { name: string }) => /^(LETTERS|UNDECLARED)_/.test(name));
    expect(await secrets()).toEqual([
      { name: 'LETTERS_KEY', isSet: true, fixedByEnvironment: true },
      { name: 'LETTERS_TOKEN', isSet: false, fixedByEnvironment: false },
    ]);
    for (const name of ['LETTERS_ALLOWED_ROOTS', 'UNDECLARED_TOKEN', 'LETTERS_KEY']) {
      expect(faultsOf(await keep(name, 'x'))).toEqual([['name', expect.stringContaining(name)]]);
    }
    const create = `mutation ($input: CreateSourceInput!) { createSource(input: $input) {
      __typename ... on InvalidInputError { fields { path message } } } }`;
    const input = { name: 'post', connector: 'letters', config: {} };
    expect(faultsOf(await send(server, admin, create, input))).toEqual([['config', 'LETTERS_TOKEN is not good.']]);
    await keep('LETTERS_TOKEN', 'bad');
    await keep('LETTERS_TOKEN', 'good');
    expect(await send(server, admin, create, input)).toMatchObject({ __typename: 'CreateSourcePayload' });
    server = await server.restart();
    const check = '{ checkSource(source: "post") { ok fault } missing: checkSource(source: "none") { ok } }';
    expect((await ask(server, { as: admin, query: check })).data).toEqual({
      checkSource: { ok: true, fault: null },
      missing: null,
    });
    await keep('LETTERS_TOKEN', 'bad');
    expect((await ask(server, { as: admin, query: check })).data.checkSource).toEqual({
      ok: false,
      fault: 'LETTERS_TOKEN is not good.',
    });
  } finally {
    await server.close();
  }
});
