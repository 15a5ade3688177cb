import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantRole } from '../../../src/access/grant-role.ts';
import { setCoreRole } from '../../../src/access/set-core-role.ts';
import { hashOfUnhashed, openPredecessorTokens } from '../../../src/identity/predecessor-tokens.ts';
import { revokeToken } from '../../../src/identity/revoke-token.ts';
import { insertToken } from '../../../src/identity/token.store.ts';
import { notNarrowed } from '../../../src/identity/token.ts';
import { newId, sha256 } from '../../../src/kernel/ids.ts';
import { scratchFolder } from '../../kit/scratch-folder.ts';
import { ask, connectSocket, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { ask as askSocket } from '../../server/socket-client.ts';

const secret = 'b'.repeat(64);
const notValid = 'The token is not valid.';
const day = 86_400;
let now = new Date('2026-05-01T12:00:00Z');
const seconds = () => Math.floor(now.getTime() / 1000);

/** A token as the predecessor made them (PyJWT): HS256 over these claims. */
function makeJwt(claims: Record<string, unknown>, { key = secret, header = {} as object } = {}): string {
  const parts = [{ alg: 'HS256', typ: 'JWT', ...header }, claims];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

function claimsOf(person: TestPerson, jti: string) {
  const { id: sub, email } = person;
  return { sub, email, role: 'admin', typ: 'pat', iat: seconds(), jti, exp: seconds() + 30 * day };
}

async function store(
  server: TestServer,
  given: { person: TestPerson; id: string; hash: string; expiresAt?: Date | null },
) {
  const { person, id, hash, expiresAt = null } = given;
  await server.open.services.store.write((tx) =>
    insertToken(
      tx,
      {
        id,
        userId: person.id,
        name: 'old',
        prefix: id.slice(0, 8),
        createdAt: tx.at,
        expiresAt,
        revokedAt: null,
        lastUsedAt: null,
        lastUsedAddress: null,
        narrowing: notNarrowed,
      },
      hash,
    ),
  );
}

async function storedToken(server: TestServer, person: TestPerson) {
  const id = newId();
  const token = makeJwt(claimsOf(person, id));
  await store(server, { person, id, hash: sha256(token) });
  return { id, token };
}

async function enter(server: TestServer, token: string): Promise<string> {
  const query = '{ viewer { email effectiveRoles { role { key } } } }';
  const { data, errors } = await ask(server, { as: { token }, query });
  if (errors) return errors[0]!.message;
  const roles = data.viewer.effectiveRoles.map(({ role }: { role: { key: string } }) => role.key).toSorted();
  return `${data.viewer.email}: ${roles.join(' ')}`;
}

describe('where the secret is known', () => {
  let server: TestServer;
  let person: TestPerson;
  beforeAll(async () => {
    server = await startTestServer({ environment: { JWT_SECRET_KEY: secret }, clock: { now: () => now } });
    person = await server.person('person', ['core.viewer']);
  });
  afterAll(() => server.close());

  test('a token with its row is good, with the roles of its owner and not those that it names', async () => {
    const { token } = await storedToken(server, person);
    expect(await enter(server, token)).toBe('person@example.com: core.viewer');
    await server.run(setCoreRole, { userId: person.id, roleKey: 'core.analyst' });
    expect(await enter(server, token)).toBe('person@example.com: core.analyst core.viewer');
    expect(
      (await ask(server, { as: { token }, query: '{ signingKeys { keyId } }' })).errors?.[0]?.extensions,
    ).toMatchObject({
      code: 'FORBIDDEN',
    });
    const socket = connectSocket(server, { token });
    expect((await askSocket(socket, '{ viewer { email } }')).data).toEqual({ viewer: { email: person.email } });
    await socket.dispose();
  });

  test('a row without a hash is found by the id in the token, which must be of its owner', async () => {
    const [id, other] = [newId(), await server.person('other', ['core.admin'])];
    await store(server, { person, id, hash: hashOfUnhashed(id) });
    expect(await enter(server, makeJwt(claimsOf(person, id)))).toContain('person@example.com');
    expect(await enter(server, makeJwt(claimsOf(other, id)))).toBe(notValid);
    expect(await enter(server, hashOfUnhashed(id))).not.toContain('@');
  });

  test('revoked: the next request is refused, also of a token that was verified before', async () => {
    const { id, token } = await storedToken(server, person);
    expect(await enter(server, token)).toContain('person@');
    await server.run(revokeToken, { id });
    expect(await enter(server, token)).toBe(notValid);
  });

  test('ended by its row, or by what it says, also when it was verified before: refused', async () => {
    const [id, before] = [newId(), now];
    const token = makeJwt(claimsOf(person, id));
    await store(server, { person, id, hash: sha256(token), expiresAt: new Date(now.getTime() + day * 1000) });
    const { token: second } = await storedToken(server, person);
    for (const each of [token, second]) expect(await enter(server, each)).toContain('person@');
    now = new Date(before.getTime() + day * 1000);
    expect([await enter(server, token), await enter(server, second)]).toEqual([
      notValid,
      expect.stringContaining('person@'),
    ]);
    now = new Date(before.getTime() + 30 * day * 1000);
    expect(await enter(server, second)).toBe(notValid);
    now = before;
  });

  test('an owner who is not active is refused', async () => {
    const leaver = await server.person('leaver', ['core.admin']);
    const { token } = await storedToken(server, leaver);
    expect(await enter(server, token)).toContain('leaver@');
    await server.deactivate(leaver);
    expect(await enter(server, token)).toBe(notValid);
  });

  test('no signature, another algorithm, another secret, another row, no row: refused', async () => {
    const { id, token } = await storedToken(server, person);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rs = Buffer.from(JSON.stringify({ alg: 'RS256' })).toString('base64url');
    const text = Buffer.from(JSON.stringify({ alg: 'HS512' })).toString('base64url');
    const forgeries = [
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${rs}.${payload}.${sign('sha256', Buffer.from(`${rs}.${payload}`), privateKey).toString('base64url')}`,
      `${text}.${payload}.${createHmac('sha512', secret).update(`${text}.${payload}`).digest('base64url')}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -2)}AA`,
      makeJwt(claimsOf(person, id), { key: 'c'.repeat(64) }),
      // Signed by the right secret, for a row that stands there, and not the token that was given out.
      makeJwt({ ...claimsOf(person, id), exp: seconds() + 400 * day }),
      makeJwt(claimsOf(person, newId())),
      makeJwt({ ...claimsOf(person, id), jti: undefined }),
      makeJwt(claimsOf(person, id), { header: { crit: ['x'], x: 1 } }),
    ];
    for (const forged of forgeries) expect(await enter(server, forged)).toBe(notValid);
    expect(await enter(server, token)).toContain('person@');
  });

  test('a token that a change of the secret had ended does not come back by its hash', async () => {
    const id = newId();
    const token = makeJwt(claimsOf(person, id), { key: 'former '.repeat(8) });
    await store(server, { person, id, hash: sha256(token) });
    expect(await enter(server, token)).toBe(notValid);
  });

  test('a session of the predecessor is refused with a sentence of its own', async () => {
    const { sub, email } = claimsOf(person, newId());
    const claims = { sub, email, role: 'admin', iat: seconds(), exp: seconds() + day, jti: '0'.repeat(32) };
    for (const session of [makeJwt({ ...claims, typ: 'session' }), makeJwt(claims)]) {
      expect(await enter(server, session)).toBe(
        'This is a session of the predecessor, which counts no more; sign in again.',
      );
    }
  });
});

test('without the secret a token is known by its hash alone, and the rest is as ever', async () => {
  const server = await startTestServer({ clock: { now: () => now } });
  try {
    const person = await server.person('person', []);
    await server.run(grantRole, { userId: person.id, roleKey: 'core.viewer' });
    const { id, token } = await storedToken(server, person);
    expect(await enter(server, token)).toBe('person@example.com: core.viewer');
    expect(await enter(server, makeJwt(claimsOf(person, id), { key: '' }))).toBe(notValid);
    await server.run(revokeToken, { id });
    expect(await enter(server, token)).toBe(notValid);
  } finally {
    await server.close();
  }
});

test('the secret comes from the predecessor’s file where the configuration names none', async () => {
  const dataDir = scratchFolder();
  const token = makeJwt({ sub: 'u', typ: 'pat', jti: 'j' });
  expect(openPredecessorTokens({ secret: undefined, dataDir }).canVerify).toBe(false);
  mkdirSync(join(dataDir, 'state'));
  writeFileSync(join(dataDir, 'state/.jwt_secret'), `${secret}\n`);
  expect(await openPredecessorTokens({ secret: undefined, dataDir }).verify(token, now)).toMatchObject({ jti: 'j' });
  expect(await openPredecessorTokens({ secret: 'd'.repeat(32), dataDir }).verify(token, now)).toBeNull();
});
