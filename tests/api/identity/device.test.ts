import { beforeEach, expect, test } from 'vitest';
import { deactivateUser } from '../../../src/identity/deactivate-user.ts';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { removeEndedDevices } from '../../../src/identity/read-devices.ts';
import { grantRole } from '../../../src/access/grant-role.ts';
import { revokeRole } from '../../../src/access/revoke-role.ts';
import { sendExactly } from '../../kit/exact-request.ts';
import { ask, connectSocket, type Shown, type TestPerson } from '../../kit/server.ts';
import { ask as askSocket, listen } from '../../server/socket-client.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';
import { letDeviceIn, poll, refresh, startDevice, toDoor } from './device-flow.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let now = Date.parse('2026-03-01T12:00:00Z');
let people = 0;
const clock = { now: () => new Date(now) };

describeServersOnBoth(
  (server) => {
    let person: TestPerson;

    beforeEach(async () => {
      now += 61 * minute;
      person = await server().person(`person${(people += 1)}`, ['core.viewer']);
    });

    const audited = async (action: string) =>
      (await listAuditEvents(server().open.services.store, { limit: 1, action }))[0];
    const whoIs = (token: string) =>
      ask(server(), { as: { token }, query: '{ viewer { email credential { kind } } }' });
    const asked = (userCode: string, as: Shown = { session: person.session }) =>
      ask(server(), {
        as,
        query:
          'query ($userCode: String!) { deviceRequest(userCode: $userCode) { userCode name address requestedAt expiresAt } }',
        variables: { userCode },
      });
    const decide = (field: 'approveDevice' | 'denyDevice', userCode: string, by = person) =>
      mutate(server(), { session: by.session }, { field, input: { userCode }, payload: 'request { name }' });

    test('a device is let in by the code it shows, once, and acts as the person', async () => {
      const elsewhere = { Host: 'evil.example.com', 'X-Forwarded-Host': 'evil.example.com' };
      const started = await sendExactly(`${server().url}/auth/device/code`, {
        headers: { 'Content-Type': 'application/json', ...elsewhere },
        body: JSON.stringify({ client_id: 'da', device_name: 'laptop' }),
      });
      expect(started.status).toBe(200);
      const { user_code: userCode, device_code: deviceCode, ...rest } = JSON.parse(started.text);
      expect(userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
      expect(deviceCode).toMatch(/^[\w-]{43}$/);
      expect(rest).toEqual({
        verification_uri: `${server().url}/device`,
        verification_uri_complete: `${server().url}/device?code=${userCode}`,
        expires_in: 600,
        interval: 5,
      });
      expect(await poll(server(), deviceCode!)).toMatchObject({
        status: 400,
        body: { error: 'authorization_pending' },
      });
      const { data } = await asked(userCode!.toLowerCase().replace('-', ' '));
      expect(data.deviceRequest).toEqual({
        userCode,
        name: 'da on laptop',
        address: '127.0.0.1',
        requestedAt: new Date(now).toISOString(),
        expiresAt: new Date(now + 10 * minute).toISOString(),
      });
      expect(await decide('approveDevice', userCode!)).toMatchObject({ __typename: 'ApproveDevicePayload' });
      expect(await audited('device.approved')).toMatchObject({
        actor: person.email,
        details: { name: 'da on laptop', address: '127.0.0.1' },
      });
      now += 5_000;
      const { status, body } = await poll(server(), deviceCode!);
      expect(status).toBe(200);
      expect(body).toEqual({
        access_token: expect.stringMatching(/^agnes_dat_[\w-]{43}$/),
        refresh_token: expect.stringMatching(/^agnes_drt_[\w-]{43}$/),
        token_type: 'Bearer',
        expires_in: 3600,
      });
      expect(await audited('device.signedIn')).toMatchObject({ actor: person.email });
      expect((await whoIs(body['access_token']!)).data.viewer).toEqual({
        email: person.email,
        credential: { kind: 'DEVICE' },
      });
      expect(await poll(server(), deviceCode!)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      expect(await decide('approveDevice', userCode!)).toMatchObject({ code: 'NOT_FOUND' });
      const { store } = server().open.services;
      const stored = await Promise.all(
        (['devices', 'device_requests', 'device_refresh_tokens', 'audit_events', 'events'] as const).map((table) =>
          store.db.selectFrom(table).selectAll().execute(),
        ),
      );
      for (const secret of [deviceCode, body['access_token'], body['refresh_token']]) {
        expect(
          JSON.stringify(stored, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
        ).not.toContain(secret);
      }
    });

    test('forms are taken like JSON, and whatever else is refused in the words of the RFC', async () => {
      const post = async (path: string, body: string, type: string, method = 'POST') => {
        const init = { method, headers: { 'Content-Type': type }, ...(method === 'POST' && { body }) };
        const response = await fetch(`${server().url}/auth/device/${path}`, init);
        return { status: response.status, ...((await response.json()) as { error?: string; user_code?: string }) };
      };
      const form = 'application/x-www-form-urlencoded';
      expect(await post('code', 'client_id=da', form)).toMatchObject({ status: 200, user_code: expect.any(String) });
      expect(await post('code', 'client_id=da&client_id=db', form)).toMatchObject({
        status: 400,
        error: 'invalid_request',
      });
      expect(await post('code', '', form)).toMatchObject({ status: 400, error: 'invalid_request' });
      expect(await post('code', 'client_id=%1B%5B31m', form)).toMatchObject({ error: 'invalid_request' });
      expect(await post('code', '[]', 'application/json')).toMatchObject({ error: 'invalid_request' });
      expect(await post('code', '{', 'application/json')).toMatchObject({ error: 'invalid_request' });
      expect(await post('code', 'x', 'text/plain')).toMatchObject({ status: 415 });
      expect(await post('code', '', form, 'GET')).toMatchObject({ status: 405 });
      expect(await post('token', 'client_id=da&grant_type=password', form)).toMatchObject({
        error: 'unsupported_grant_type',
      });
      expect(await post('token', 'grant_type=refresh_token', form)).toMatchObject({ error: 'invalid_request' });
      expect((await poll(server(), 'nothing')).body).toMatchObject({ error: 'invalid_grant' });
    });

    test('a device that asks too often is told to slow down, and each time to wait longer', async () => {
      const { device_code: code } = await startDevice(server());
      const word = async () => (await poll(server(), code!)).body['error'];
      expect(await word()).toBe('authorization_pending');
      now += 1_000;
      expect(await word()).toBe('slow_down');
      now += 6_000;
      expect(await word()).toBe('slow_down');
      now += 15_000;
      expect(await word()).toBe('authorization_pending');
    });

    test('a device is told that it was denied, and that nobody decided in time', async () => {
      const { device_code: code, user_code: userCode } = await startDevice(server());
      expect(await decide('denyDevice', userCode!)).toMatchObject({ __typename: 'DenyDevicePayload' });
      expect(await audited('device.denied')).toMatchObject({ actor: person.email });
      expect((await poll(server(), code!)).body).toMatchObject({ error: 'access_denied' });
      const late = await startDevice(server());
      now += 10 * minute;
      expect((await poll(server(), late['device_code']!)).body).toMatchObject({ error: 'expired_token' });
      expect(await decide('approveDevice', late['user_code']!)).toMatchObject({ code: 'NOT_FOUND' });
    });

    test('another program cannot take up what this one was given', async () => {
      const { device_code: code, user_code: userCode } = await startDevice(server());
      await decide('approveDevice', userCode!);
      const grant = 'urn:ietf:params:oauth:grant-type:device_code';
      const other = await toDoor(server(), 'token', { grant_type: grant, client_id: 'db', device_code: code! });
      expect(other.body).toMatchObject({ error: 'invalid_grant' });
      expect((await poll(server(), code!)).status).toBe(200);
    });

    test('no token and no device sees a request or decides one', async () => {
      const { access_token: access } = await letDeviceIn(server(), person);
      const { user_code: userCode } = await startDevice(server());
      for (const token of [person.token, access!]) {
        const { errors } = await asked(userCode!, { token });
        expect(errors?.[0]?.extensions['code']).toBe('INTERACTIVE_SIGN_IN_REQUIRED');
        const query = `mutation { approveDevice(input: { userCode: "${userCode}" }) { __typename } }`;
        const answer = await ask(server(), { as: { token }, query });
        expect(answer.errors?.[0]?.extensions['code']).toBe('INTERACTIVE_SIGN_IN_REQUIRED');
        const made = await ask(server(), {
          as: { token },
          query: 'mutation { createToken(input: { name: "x" }) { __typename } }',
        });
        expect(made.errors?.[0]?.extensions['code']).toBe('INTERACTIVE_SIGN_IN_REQUIRED');
      }
    });

    test('ten wrong codes end the guessing of one person, and of nobody else, for ten minutes', async () => {
      const { user_code: userCode } = await startDevice(server());
      for (let guess = 0; guess < 9; guess += 1) expect((await asked('BBBB-BBBB')).data.deviceRequest).toBeNull();
      expect(await decide('approveDevice', 'CCCC-CCCC')).toMatchObject({ code: 'NOT_FOUND' });
      expect((await asked(userCode!)).errors?.[0]?.extensions['code']).toBe('TOO_MANY_CODES');
      expect(await decide('approveDevice', userCode!)).toMatchObject({ code: 'TOO_MANY_CODES' });
      const other = await server().person(`person${(people += 1)}`, []);
      expect((await asked(userCode!, { session: other.session })).data.deviceRequest).not.toBeNull();
      now += 10 * minute;
      const next = await startDevice(server());
      expect((await asked(next['user_code']!)).data.deviceRequest).not.toBeNull();
    });

    test('wrong codes from one address end the guessing there, whoever asks, and nowhere else', async () => {
      const guess = (as: Shown, address: string, userCode = 'BBBB-BBBB') =>
        ask(server(), {
          as,
          query: 'query ($userCode: String!) { deviceRequest(userCode: $userCode) { userCode } }',
          variables: { userCode },
          headers: { 'X-Forwarded-For': address },
        });
      for (let round = 0; round < 3; round += 1) {
        const { session } = await server().person(`guesser${(people += 1)}`, []);
        for (let time = 0; time < 7; time += 1)
          expect((await guess({ session }, '203.0.113.5')).errors).toBeUndefined();
      }
      const { user_code: userCode } = await startDevice(server());
      const as = { session: person.session };
      const [held, free] = [await guess(as, '203.0.113.5', userCode), await guess(as, '203.0.113.6', userCode)];
      expect(held.errors?.[0]?.extensions).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
      expect(free.data.deviceRequest).not.toBeNull();
    });

    test('a device that comes from an address for the first time is audited once, also when it takes its next tokens', async () => {
      const device = await letDeviceIn(server(), person);
      const from = (address: string) => ({ 'X-Forwarded-For': address });
      const query = '{ viewer { email } }';
      const use = (headers?: Record<string, string>) =>
        ask(server(), { as: { token: device['access_token']! }, query, headers });
      for (const headers of [undefined, from('192.0.2.9'), from('192.0.2.9'), undefined]) await use(headers);
      await refresh(server(), device['refresh_token']!, from('192.0.2.10'));
      const { store, auditBatch, lastUse } = server().open.services;
      const page = { limit: 10, action: 'device.usedFromNewAddress' };
      await expect
        .poll(async () => {
          await auditBatch.flush(store);
          return (await listAuditEvents(store, page)).filter(({ actor }) => actor === person.email).length;
        })
        .toBe(2);
      const told = (await listAuditEvents(store, page)).filter(({ actor }) => actor === person.email);
      expect(told.map(({ details }) => (details as { address: string }).address).toSorted()).toEqual([
        '192.0.2.10',
        '192.0.2.9',
      ]);
      expect(await audited('device.refreshed')).toMatchObject({ details: { address: '192.0.2.10' } });
      await lastUse.flush(store);
      const rows = await store.db.selectFrom('device_addresses').selectAll().execute();
      const known = rows.filter(({ device_id: id }) => told[0]!.resource === `device:${id}`);
      expect(known.map(({ address }) => address).toSorted()).toEqual(['127.0.0.1', '192.0.2.10', '192.0.2.9']);
    });

    test('one address cannot fill the server with requests', async () => {
      const statuses = new Set<number>();
      for (let index = 0; index < 61; index += 1)
        statuses.add((await toDoor(server(), 'code', { client_id: 'da' })).status);
      expect([...statuses]).toEqual([200, 429]);
    });

    test('one network of IPv6 cannot either, whichever of its addresses it asks from', async () => {
      const statuses = new Set<number>();
      for (let index = 0; index < 61; index += 1) {
        const from = { 'X-Forwarded-For': `2001:db8:7:7::${index + 1}` };
        statuses.add((await toDoor(server(), 'code', { client_id: 'da' }, from)).status);
      }
      expect([...statuses]).toEqual([200, 429]);
    });

    test('a refresh token gives the next tokens, on which an open socket lives on; the access token before ends', async () => {
      const first = await letDeviceIn(server(), person);
      const socket = connectSocket(server(), { token: first['access_token']! });
      try {
        listen(socket, 'subscription { syncEvents { id } }');
        await askSocket(socket, '{ __typename }');
        now += 50 * minute;
        const { status, body: second } = await refresh(server(), first['refresh_token']!);
        expect(status).toBe(200);
        expect(await audited('device.refreshed')).toMatchObject({ actor: person.email });
        expect((await whoIs(first['access_token']!)).status).toBe(401);
        now += 50 * minute;
        expect((await whoIs(second['access_token']!)).status).toBe(200);
        expect((await askSocket(socket, '{ viewer { email } }')).data).toEqual({ viewer: { email: person.email } });
        now += 10 * minute;
        expect((await whoIs(second['access_token']!)).status).toBe(401);
        expect((await refresh(server(), second['refresh_token']!)).status).toBe(200);
      } finally {
        await socket.dispose();
      }
    });

    test('a refresh token that comes a second time ends the whole family at once, open sockets too', async () => {
      const first = await letDeviceIn(server(), person);
      const { body: second } = await refresh(server(), first['refresh_token']!);
      const socket = connectSocket(server(), { token: second['access_token']! });
      try {
        const listener = listen(socket, 'subscription { syncEvents { id } }');
        await askSocket(socket, '{ __typename }');
        const again = await refresh(server(), first['refresh_token']!);
        expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
        expect(await audited('refreshToken.reused')).toMatchObject({
          details: { name: 'da on laptop', userId: person.id, address: '127.0.0.1' },
        });
        expect((await whoIs(second['access_token']!)).status).toBe(401);
        expect((await refresh(server(), second['refresh_token']!)).body).toMatchObject({ error: 'invalid_grant' });
        expect(await listener.ended).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      } finally {
        await socket.dispose();
      }
    });

    test('refusals are audited: the first of a kind at once, the others of a minute in one row, and never what was shown', async () => {
      const { store, auditBatch } = server().open.services;
      const told = async () => {
        await auditBatch.flush(store);
        const events = await listAuditEvents(store, { limit: 100, action: 'device.refused' });
        return events.filter(({ at }) => at.getTime() >= began).map(({ details }) => details);
      };
      const row = { times: 1, address: '127.0.0.1' };
      const began = now;
      for (let time = 0; time < 8; time += 1) await refresh(server(), 'agnes_drt_nothing');
      for (let time = 0; time < 8; time += 1) await poll(server(), 'nothing');
      const { device_code: deviceCode, user_code: userCode } = await startDevice(server());
      await poll(server(), deviceCode!);
      await decide('denyDevice', userCode!);
      now += 5_000;
      await poll(server(), deviceCode!);
      const kinds = [
        { ...row, door: 'deviceCode', reason: 'access_denied' },
        { ...row, door: 'deviceCode', reason: 'invalid_grant' },
        { ...row, door: 'refreshToken', reason: 'invalid_grant' },
      ];
      const seen = await told();
      expect(seen).toHaveLength(3);
      expect(seen).toEqual(expect.arrayContaining(kinds));
      now += minute;
      await refresh(server(), 'agnes_drt_nothing');
      expect(await told()).toContainEqual({ ...row, times: 8, door: 'refreshToken', reason: 'invalid_grant' });
      const all = JSON.stringify(await listAuditEvents(store, { limit: 100, action: 'device.refused' }));
      expect(all).not.toMatch(/agnes_drt|nothing/);
    });

    test('what a device shows is tried ever more slowly behind wrong ones from its address, and nowhere else', async () => {
      const device = await letDeviceIn(server(), person);
      const from = (address: string) => ({ 'X-Forwarded-For': address });
      for (let time = 0; time < 21; time += 1)
        expect((await refresh(server(), 'agnes_drt_wrong', from('203.0.113.77'))).status).toBe(400);
      const held = await refresh(server(), device['refresh_token']!, from('203.0.113.77'));
      expect(held).toMatchObject({ status: 429, body: { error: 'slow_down' } });
      now += 2_000;
      const next = await refresh(server(), device['refresh_token']!, from('203.0.113.77'));
      expect(next.status).toBe(200);
      expect((await refresh(server(), next.body['refresh_token']!, from('203.0.113.78'))).status).toBe(200);
    });

    test('of two refreshes at once with one token, one is theft and nothing is left', async () => {
      const first = await letDeviceIn(server(), person);
      const both = await Promise.all([1, 2].map(() => refresh(server(), first['refresh_token']!)));
      expect(both.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([200, 400]);
      const won = both.find(({ status }) => status === 200)!;
      expect((await whoIs(won.body['access_token']!)).status).toBe(401);
    });

    test('a family ends after 30 days without use and after a year in any case, and is cleared away', async () => {
      const idle = await letDeviceIn(server(), person);
      now += 30 * day;
      expect((await refresh(server(), idle['refresh_token']!)).body).toMatchObject({ error: 'invalid_grant' });
      const back = await server().person(`person${(people += 1)}`, ['core.viewer']);
      let current = await letDeviceIn(server(), back);
      for (let days = 29; days < 365; days += 29) {
        now += 29 * day;
        const { status, body } = await refresh(server(), current['refresh_token']!);
        expect(status).toBe(200);
        current = body;
      }
      now += 17 * day;
      expect((await refresh(server(), current['refresh_token']!)).body).toMatchObject({ error: 'invalid_grant' });
      now += minute;
      await removeEndedDevices(server().open.services);
      const { store } = server().open.services;
      for (const table of ['devices', 'device_refresh_tokens', 'device_requests'] as const) {
        expect(await store.db.selectFrom(table).selectAll().execute()).toEqual([]);
      }
    });

    test('devices are listed with who they are, and ended by their owner, by an administrator, by themselves', async () => {
      const list = async (as: Shown) =>
        (await ask(server(), { as, query: '{ viewer { devices { id name address createdAt lastUsedAt } } }' })).data
          .viewer.devices;
      const own = { session: person.session };
      const first = await letDeviceIn(server(), person);
      await whoIs(first['access_token']!);
      await server().open.services.lastUse.flush(server().open.services.store);
      const at = new Date(now).toISOString();
      const [device] = await list(own);
      expect(device).toEqual({
        id: expect.stringMatching(/^Device:/),
        name: 'da on laptop',
        address: '127.0.0.1',
        createdAt: at,
        lastUsedAt: at,
      });
      const end = (id: string, as: Shown) =>
        mutate(server(), as, { field: 'endDevice', input: { id }, payload: 'device { id }' });
      const stranger = await server().person(`person${(people += 1)}`, ['core.km_admin']);
      expect(await end(device.id, { session: stranger.session })).toMatchObject({ code: 'NOT_FOUND' });
      expect(
        (await ask(server(), { as: { session: stranger.session }, query: `{ node(id: "${device.id}") { id } }` })).data
          .node,
      ).toBeNull();
      expect(await end(device.id, own)).toMatchObject({ __typename: 'EndDevicePayload' });
      expect((await whoIs(first['access_token']!)).status).toBe(401);
      expect((await refresh(server(), first['refresh_token']!)).status).toBe(400);
      expect(await audited('device.ended')).toMatchObject({ details: { userId: person.id } });

      const admin = await server().person(`person${(people += 1)}`, ['core.admin']);
      const second = await letDeviceIn(server(), person);
      const query = 'query ($email: String) { user(email: $email) { devices { id } } }';
      const seen = await ask(server(), { as: { session: admin.session }, query, variables: { email: person.email } });
      expect(seen.data.user.devices).toHaveLength(1);
      expect(await end(seen.data.user.devices[0].id, { session: admin.session })).toMatchObject({
        __typename: 'EndDevicePayload',
      });
      expect((await whoIs(second['access_token']!)).status).toBe(401);

      for (const shown of ['access_token', 'refresh_token']) {
        now += 1_000;
        const third = await letDeviceIn(server(), person);
        expect(await toDoor(server(), 'revoke', { token: third[shown]! })).toEqual({ status: 200, body: {} });
        expect((await whoIs(third['access_token']!)).status).toBe(401);
        expect(await audited('device.ended')).toMatchObject({ actor: person.email });
      }
      expect(await toDoor(server(), 'revoke', { token: 'nothing' })).toEqual({ status: 200, body: {} });
      expect(await list(own)).toEqual([]);
    });

    test('a role that is lost is lost for the device at once, and a user who is shut out takes all devices along', async () => {
      const grant = await server().run(grantRole, { userId: person.id, roleKey: 'core.analyst' });
      const device = await letDeviceIn(server(), person);
      const roles = async () =>
        (
          await ask(server(), {
            as: { token: device['access_token']! },
            query: '{ viewer { effectiveRoles { role { key } } } }',
          })
        ).data.viewer.effectiveRoles.length;
      expect(await roles()).toBe(2);
      await server().run(revokeRole, { grantId: grant.id });
      expect(await roles()).toBe(1);
      const waiting = await startDevice(server());
      await decide('approveDevice', waiting['user_code']!);
      await server().run(deactivateUser, { id: person.id });
      expect((await whoIs(device['access_token']!)).status).toBe(401);
      expect((await refresh(server(), device['refresh_token']!)).body).toMatchObject({ error: 'invalid_grant' });
      expect((await poll(server(), waiting['device_code']!)).body).toMatchObject({ error: 'invalid_grant' });
      const { store } = server().open.services;
      const [event] = await listAuditEvents(store, { limit: 1, action: 'user.deactivated' });
      expect(event?.details).toEqual({ email: person.email, sessions: 1, devices: 1 });
    });
  },
  { clock, environment: { TRUSTED_PROXIES: '127.0.0.0/8, ::1' } },
);
