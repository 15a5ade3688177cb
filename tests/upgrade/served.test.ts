import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertToken } from '../../src/identity/token.store.ts';
import { newTokenSecret, notNarrowed } from '../../src/identity/token.ts';
import { newId, sha256 } from '../../src/kernel/ids.ts';
import { deleteUser } from '../../src/sharing/delete-user.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import { da } from '../cli/run-da.ts';
import { createDatabase, postgresMissing } from '../kit/postgres.ts';
import { ask, startTestServer, type TestServer } from '../kit/server.ts';
import { putOldState } from './old-state.ts';

const password = 'correct horse';
const vicsAddress = 'Vic.Mixed@Example.com';
const secret = 'c'.repeat(64);
const tokenId = '7f3a0000-0000-4000-8000-000000000009';

/** A token as the predecessor made them: HS256 over these claims. */
function oldToken(claims: object): string {
  const text = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const raw = oldToken({ sub: 'u-ann', email: 'ann@example.com', role: 'admin', typ: 'pat', iat: 1, jti: tokenId });
const unhashed = oldToken({ sub: 'u-km', email: 'kim@example.com', role: 'viewer', typ: 'pat', iat: 1, jti: 'pat-km' });

async function putServedState(dataDir: string): Promise<void> {
  const passwordHash = await hash(password, { memoryCost: 65_536, timeCost: 3, parallelism: 4 });
  await putOldState(
    dataDir,
    9,
    `update users set password_hash = '${passwordHash}' where id = 'u-vic';
     update personal_access_tokens set token_hash = '${sha256(raw)}' where id = '${tokenId}';
     insert into personal_access_tokens (id, user_id, name, token_hash, prefix, last_used_ip) values ('pat-km', 'u-km', 'km', '', 'pat', '192.0.2.7');
     insert into telegram_links values ('u-off', 5, null);
     insert into table_registry (id, name, source_type, query_mode, is_public) values ('stored', 'stored', 'csv', 'local', false);`,
  );
  const files = {
    'user_sessions/u-ann/one.jsonl': '{}\n',
    'user_sessions/gone/two.jsonl': '{}\n',
    'user_artifacts/u-ann/plan.md': 'A plan.\n',
    [`user_local_md/${vicsAddress}.md`]: 'Mine.\n',
    'src_data/raw/jira/issues/SHOP-1.json': '{"key":"SHOP-1"}',
    'extracts/keboola/data/customers.parquet': 'no Parquet',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dataDir, name)), { recursive: true });
    writeFileSync(join(dataDir, name), content);
  }
  await writeParquet(
    join(dataDir, 'extracts/keboola/data/orders.parquet'),
    'select 7 as id, 1.50::decimal(9,2) as amount',
  );
  await writeExtract(join(dataDir, 'extracts/csv'));
  await writeParquet(join(dataDir, 'extracts/jira/data/issues/2026-01.parquet'), `select 'SHOP-1' as issue_key`);
  await writeParquet(join(dataDir, 'extracts/jira/data/issues/2026-02.parquet'), `select 'SHOP-2' as issue_key`);
}

function writeParquet(path: string, query: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  return runDuckDb(':memory:', `copy (${query}) to '${path}' (format parquet)`);
}

/** An extract whose table stands in the database itself. */
function writeExtract(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  return runDuckDb(
    join(folder, 'extract.duckdb'),
    `create table _meta (table_name varchar not null, description varchar, rows bigint, size_bytes bigint, extracted_at timestamp, query_mode varchar);
     insert into _meta values ('stored', null, 1, 1, null, 'local'); create table stored as select 3 as id;`,
  );
}

async function runDuckDb(file: string, script: string): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(script);
  connection.closeSync();
  instance.closeSync();
}

describe.each([
  { database: 'duckdb', isSecretKnown: true },
  { database: 'postgres', isSecretKnown: false },
])('after the upgrade, on $database', ({ database, isSecretKnown }) => {
  const isMissing = database === 'postgres' && postgresMissing !== null;
  let server: TestServer;
  let admin: string;

  beforeAll(async () => {
    if (isMissing) return;
    const dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'agnes-upgrade-')));
    await putServedState(dataDir);
    if (isSecretKnown) writeFileSync(join(dataDir, 'state/.jwt_secret'), `${secret}\n`);
    const environment: Record<string, string> = database === 'postgres' ? { DATABASE_URL: await createDatabase() } : {};
    server = await startTestServer({ dataDir, environment });
    admin = await tokenFor('u-ada');
  });
  afterAll(() => server?.close());

  async function tokenFor(userId: string): Promise<string> {
    const made = newTokenSecret();
    const token = { id: newId(), userId, name: 'test', prefix: made.prefix, expiresAt: null, revokedAt: null };
    const unused = { lastUsedAt: null, lastUsedAddress: null, narrowing: notNarrowed };
    await server.open.services.store.write((tx) =>
      insertToken(tx, { ...token, ...unused, createdAt: tx.at }, made.secretHash),
    );
    return made.secret;
  }

  test.skipIf(isMissing)('a raw token is its owner, with the roles that are stored', async () => {
    const query = '{ viewer { email effectiveRoles { role { key } } } tables { edges { node { id sqlName } } } }';
    const { data } = await ask(server, { as: { token: raw }, query });
    expect(data.viewer.email).toBe('ann@example.com');
    const roles = data.viewer.effectiveRoles.map(({ role }: { role: { key: string } }) => role.key);
    expect(roles.toSorted()).toEqual(['core.analyst', 'core.viewer', 'corporate_memory.curator']);
    expect(data.tables.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual([
      'Table:crm_customers',
      'Table:crm_orders',
    ]);
    const answer = await ask(server, { as: { token: unhashed }, query: '{ viewer { email } }' });
    expect(answer.data?.viewer?.email).toBe(isSecretKnown ? 'kim@example.com' : undefined);
  });

  test.skipIf(isMissing)('the rows of before are there before any sync, under their bare names', async () => {
    const read = async (token: string, statement: string) => {
      const query = 'query ($statement: String!) { sql(statement: $statement) { rows } }';
      const { data, errors } = await ask(server, { as: { token }, query, variables: { statement } });
      return data?.sql?.rows ?? errors?.[0]?.message;
    };
    expect(await read(raw, 'from orders')).toEqual([[7, '1.50']]);
    expect(await read(admin, 'select issue_key from issues order by 1')).toEqual([['SHOP-1'], ['SHOP-2']]);
    expect(await read(admin, 'from stored')).toEqual([[3]]);
    expect(await read(raw, 'from issues')).toMatch(/issues/);
    const query = '{ table(sqlName: "keboola.orders") { syncState { status rows } } upgradeReport { warnings files } }';
    const { data } = await ask(server, { as: { token: admin }, query });
    expect(data.table.syncState).toEqual({ status: 'OK', rows: '1' });
    expect(data.upgradeReport.warnings).toContainEqual(
      'The files of customers (crm_customers) were left out, and its rows come with its next sync: customers.parquet is not a readable Parquet file; write it again.',
    );
    expect(data.upgradeReport.warnings).toContainEqual(
      expect.stringContaining('gone was left out (files: 1, such as two.jsonl)'),
    );
    expect(readFileSync(join(server.dataDir, 'extracts/jira/raw/issues/SHOP-1.json'), 'utf8')).toBe('{"key":"SHOP-1"}');
  });

  test.skipIf(isMissing)('a sync of a source that nobody told how to reach says what is missing', async () => {
    await server.run(startSync, { source: 'keboola' });
    await server.open.syncRunner.idle();
    const query = '{ syncRuns(first: 1) { edges { node { state error } } } }';
    const { data } = await ask(server, { as: { token: admin }, query });
    expect(data.syncRuns.edges[0].node).toEqual({
      state: 'FAILED',
      error: expect.stringMatching(/^The configuration of keboola is not complete \(stackUrl: .+\); correct it with/),
    });
  });

  test.skipIf(isMissing)('what people sent from their laptops is theirs', async () => {
    const query = '{ uploads(first: 10) { edges { node { name kind sizeBytes } } } }';
    const { data } = await ask(server, { as: { token: admin }, query });
    const names = data.uploads.edges.map(
      ({ node }: { node: { name: string; kind: string } }) => `${node.kind} ${node.name}`,
    );
    expect(names.toSorted()).toEqual([
      'NOTE artifacts/plan.md',
      'NOTE notes/CLAUDE.local.md',
      'SESSION_LOG sessions/one.jsonl',
    ]);
    const rows = await server.open.services.store.db.selectFrom('uploads').select(['id', 'name']).execute();
    const note = rows.find(({ name }) => name === 'notes/CLAUDE.local.md')!;
    expect(readFileSync(join(server.dataDir, 'uploads', note.id), 'utf8')).toBe('Mine.\n');
  });

  test.skipIf(isMissing)('a password opens a session, by the address in lower case too', async () => {
    const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }';
    for (const email of ['vic.mixed@example.com', vicsAddress]) {
      const { data } = await ask(server, { as: null, query, variables: { input: { email, password } } });
      expect(data.signIn.__typename).toBe('SignInPayload');
    }
    const wrong = { input: { email: 'vic.mixed@example.com', password: 'wrong horse' } };
    expect((await ask(server, { as: null, query, variables: wrong })).data.signIn.__typename).not.toBe('SignInPayload');
  });

  test.skipIf(isMissing)('everybody has the roles and reads the tables of before', () => {
    const { accessIndex, tableAccess } = server.open.services;
    const people = accessIndex.users().toSorted((one, other) => (one.id < other.id ? -1 : 1));
    const found = people.map(({ id }) => [
      id,
      [...accessIndex.rolesOf(id)]
        .filter((key) => !key.startsWith('query.'))
        .toSorted()
        .join(' '),
      [...tableAccess.readableSet(id).ids].toSorted().join(' '),
    ]);
    const analysts = 'core.analyst core.viewer';
    expect(found).toEqual([
      [
        'u-ada',
        'core.admin core.analyst core.km_admin core.viewer',
        'crm_customers crm_orders issues stored web_events',
      ],
      ['u-ann', `${analysts} corporate_memory.curator`, 'crm_customers crm_orders'],
      ['u-km', 'core.analyst core.km_admin core.viewer', 'crm_customers'],
      ['u-nul', '', 'crm_customers'],
      ['u-odd', 'core.viewer', 'crm_customers'],
      ['u-off', '', ''],
      ['u-vic', 'core.viewer', 'crm_customers'],
    ]);
  });

  test.skipIf(isMissing)('administrators read the report, at the server and with da; nobody else does', async () => {
    const query =
      '{ upgradeReport { version keptAs tables { name rows taken left } leftovers { table reason keys } } }';
    const { data } = await ask(server, { as: { token: admin }, query });
    expect(data.upgradeReport).toMatchObject({
      version: 9,
      keptAs: expect.stringMatching(/system\.duckdb\.predecessor-v9$/),
      tables: expect.arrayContaining([{ name: 'users', rows: '7', taken: '7', left: '0' }]),
      leftovers: expect.arrayContaining([
        {
          table: 'personal_access_tokens',
          reason: 'its owner is gone',
          keys: ['7f3b0000-0000-4000-8000-000000000009'],
        },
      ]),
    });
    expect((await ask(server, { as: { token: raw }, query })).data.upgradeReport).toBeNull();
    const env = { DA_SERVER: server.url, DA_TOKEN: admin };
    const { code, stdout } = await da(['admin', 'upgrade-report'], { env });
    expect([code, stdout]).toEqual([0, expect.stringContaining('  users: 7, 7, 0\n')]);
    const json = await da(['admin', 'upgrade-report', '--json'], { env });
    expect(JSON.parse(json.stdout)).toMatchObject({ version: 9, timeZone: 'UTC' });
  });

  test.skipIf(isMissing)('the audit begins with what was done before, and names the upgrade', async () => {
    const query = '{ auditEvents(first: 100) { edges { node { actor action resource details } } } }';
    const { data } = await ask(server, { as: { token: admin }, query });
    const rows = data.auditEvents.edges.map(({ node }: { node: object }) => node);
    expect(rows).toContainEqual({
      actor: 'ada@example.com',
      action: 'user.create',
      resource: 'user:u-ann',
      details: { email: 'ann@example.com' },
    });
    expect(rows).toContainEqual(expect.objectContaining({ actor: 'system', action: 'state.upgraded' }));
  });

  test.skipIf(isMissing)('what was kept of a user goes with the user', async () => {
    const { store } = server.open.services;
    await server.run(deleteUser, { id: 'u-off' });
    expect(await store.db.selectFrom('predecessor_telegram_links').selectAll().execute()).toEqual([]);
  });

  test.skipIf(isMissing)('the next start takes nothing over again', async () => {
    const before = readdirSync(join(server.dataDir, 'state'));
    server = await server.restart();
    expect(server.open.services.accessIndex.users()).toHaveLength(6);
    expect(readdirSync(join(server.dataDir, 'state')).filter((name) => name.includes('predecessor'))).toEqual([
      'system.duckdb.predecessor-v9',
    ]);
    expect(before).toContain('system.duckdb.predecessor-v9');
  });
});
