import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Database } from '../../src/store/database.ts';
import type { Store } from '../../src/store/store.ts';
import { fitsTarget } from '../../src/upgrade/check-target.ts';
import { checkUpgrade } from '../../src/upgrade/open-upgraded-store.ts';
import { readUpgradeReport } from '../../src/upgrade/read-upgrade-report.ts';
import { createDatabase, postgresMissing } from '../kit/postgres.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { putOldState, readUpgraded, settingsFor, takeFrom, type Given } from './old-state.ts';

type Row = Record<string, unknown>;

/** Rows of a table in the order of a column: of a state, or of what a state would be given. */
type Rows = Store | Given;

async function rowsOf(from: Rows, table: keyof Database, order: string): Promise<Row[]> {
  if ('given' in from)
    return (from.given.get(table) ?? []).toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const db = from.db as unknown as Kysely<Record<string, Row>>;
  return db.selectFrom(table).selectAll().orderBy(sql.ref(order)).execute();
  function keyOf(row: Row): string {
    return row[order] instanceof Date ? row[order].toISOString() : String(row[order]);
  }
}

/** Everything that was taken over, but for what the upgrade made up itself: ids of its own and the instant. */
async function everything(store: Rows) {
  const users = await rowsOf(store, 'users', 'id');
  const grants = await rowsOf(store, 'role_grants', 'user_id');
  const sources = await rowsOf(store, 'sources', 'name');
  const nameOf = (id: unknown) => sources.find((source) => source['id'] === id)?.['name'];
  const tables = await rowsOf(store, 'tables', 'id');
  const tableGrants = await rowsOf(store, 'table_grants', 'grantee_id');
  return {
    users: users.map((row) => `${row['id']} ${row['email']} ${row['name']} ${row['active'] ? 'active' : 'inactive'}`),
    passwords: users.filter((row) => String(row['password_hash']).startsWith('$argon2id$')).map((row) => row['id']),
    grants: grants
      .map((row) => `${row['user_id']} ${row['role_key']} ${row['source']} ${row['granted_by']}`)
      .toSorted(),
    roles: (await rowsOf(store, 'roles', 'key')).map((row) => `${row['key']} ${row['display_name']} ${row['implies']}`),
    mappings: (await rowsOf(store, 'group_mappings', 'id')).map(
      (row) => `${row['id']} ${row['external_group_id']} ${row['role_key']} ${row['assigned_by']}`,
    ),
    tokens: (await rowsOf(store, 'tokens', 'id')).map((row) => `${row['user_id']} ${row['name']} ${row['prefix']}`),
    sources: sources.map((row) => `${row['name']} ${row['connector']}`),
    tables: tables.map((row) => [row['id'], row['sql_name'], row['alias'], row['bucket'], row['query_mode']].join(' ')),
    registry: tables.map((row) => [row['description'], row['primary_key'], row['schedule']].join(' ')),
    public: tables.filter((row) => row['is_public']).map((row) => row['id']),
    columns: tables.flatMap((row) => (row['column_descriptions'] === null ? [] : [row['column_descriptions']])),
    tableGrants: tableGrants.map((row) =>
      [
        row['grantee_id'],
        row['effect'],
        row['scope_kind'],
        row['scope_kind'] === 'bucket' ? nameOf(row['scope_id']) : row['scope_id'],
        row['bucket'],
      ].join(' '),
    ),
    requests: (await rowsOf(store, 'access_requests', 'id')).map((row) =>
      [row['id'], row['user_id'], row['table_id'], row['reason'], row['status'], row['decided_by']].join(' '),
    ),
    states: (await rowsOf(store, 'table_sync_states', 'table_id')).map((row) =>
      [row['table_id'], row['status'], row['row_count'], row['size_bytes']].join(' '),
    ),
    runs: (await rowsOf(store, 'sync_runs', 'finished_at')).map(
      (row) => `${row['state']} ${(row['finished_at'] as Date).toISOString()}`,
    ),
    runTables: (await rowsOf(store, 'sync_run_tables', 'finished_at')).map(
      (row) => `${row['table_id']} ${row['rows_written']}`,
    ),
    metrics: (await rowsOf(store, 'metrics', 'id')).map((row) => [row['id'], JSON.parse(row['definition'] as string)]),
    audit: (await rowsOf(store, 'audit_events', 'at'))
      .filter((row) => row['action'] !== 'state.upgraded')
      .map((row) => [row['actor'], row['actor_id'], row['action'], row['resource'], row['details']].join(' ')),
    knowledge: (await rowsOf(store, 'predecessor_knowledge_items', 'id')).map((row) =>
      [row['id'], row['title'], row['content'], row['category'], row['tags'], row['status'], row['contributors']].join(
        '|',
      ),
    ),
  };
}

/** What the samples hold, by version; written by hand from the rows that the predecessor's programs put there. */
function expected(version: number): Awaited<ReturnType<typeof everything>> {
  const by = version < 9 ? 'auto-seed system:v9-backfill' : 'direct ada@example.com';
  const typed = version > 1;
  const isPublic = version < 4;
  const [keboola, bigquery] = typed ? ['keboola', 'bigquery'] : ['from_local', 'from_local'];
  return {
    users: [
      'u-ada ada@example.com Ada active',
      'u-ann ann@example.com Ann active',
      'u-km kim@example.com Kim active',
      'u-nul nul@example.com Nul active',
      'u-odd odd@example.com Odd active',
      `u-off off@example.com Off ${version >= 7 ? 'inactive' : 'active'}`,
      'u-vic vic.mixed@example.com Vic active',
    ],
    passwords: ['u-ada', 'u-ann'],
    grants: [
      `u-ada core.admin ${by}`,
      `u-ann core.analyst ${by}`,
      ...(version === 9 ? [`u-ann corporate_memory.curator ${by}`] : []),
      `u-km core.km_admin ${by}`,
      `u-odd core.viewer ${by}`,
      `u-off core.analyst ${by}`,
      `u-vic core.viewer ${by}`,
    ],
    roles: version >= 8 ? ['corporate_memory.curator Curator []'] : [],
    mappings: version >= 8 ? ['gm-1 data-curators@example.com corporate_memory.curator ada@example.com'] : [],
    tokens: version >= 7 ? ['u-ann ci 7f3a0000'] : version === 6 ? ['u-ann ci 7f3a'] : [],
    sources: typed ? ['bigquery bigquery', 'keboola keboola'] : ['from_local extract'],
    tables: [
      `crm_customers ${keboola}.customers customers ${typed ? 'in.c-crm' : ''} local`,
      `crm_orders ${keboola}.orders orders ${typed ? 'in.c-crm' : ''} local`,
      `web_events ${bigquery}.events events ${typed ? 'web remote' : ' local'}`,
    ],
    registry: ['customers', 'orders', 'events'].map((name) => `${name} table ["id"] ${typed ? 'every 15m' : ''}`),
    public: isPublic ? ['crm_customers', 'crm_orders', 'web_events'] : ['crm_customers'],
    columns: version >= 4 ? ['[{"name":"id","description":"order id"}]'] : [],
    tableGrants: [...(typed ? ['u-ann allow bucket keboola in.c-crm'] : []), 'u-vic deny table web_events '],
    requests: version >= 4 ? ['ar-1 u-vic crm_orders need it pending '] : [],
    states: ['crm_orders ok 2000 123456'],
    runs: ['01', '02', '03'].map((day) => `succeeded 2026-04-${day}T10:00:00.000Z`),
    runTables: [1000, 2000, 3000].map((rows) => `crm_orders ${rows}`),
    metrics: version >= 4 ? [['revenue/mrr', mrr]] : [],
    audit: ['ada@example.com u-ada user.create user:u-ann {"email":"ann@example.com"}'],
    knowledge: ['km_1|Use net revenue|Always exclude tax.|data_analysis|["revenue"]|approved|["ann"]'],
  };
}

const mrr = {
  category: 'revenue',
  name: 'mrr',
  displayName: 'MRR',
  type: 'sum',
  unit: null,
  description: null,
  expression: null,
  timeColumn: null,
  grain: 'monthly',
  table: null,
  tables: [],
  dimensions: [],
  filters: [],
  synonyms: [],
  notes: [],
  sql: 'select sum(x) from subscriptions',
  sqlVariants: [{ name: 'by_plan', sql: 'select plan, sum(x) from subscriptions group by 1' }],
  validation: null,
};

describe('every value of a state of the predecessor is there afterwards', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('from version %d', async (version) => {
    const dataDir = scratchFolder();
    await putOldState(dataDir, version);
    const given = await takeFrom(dataDir);
    expect(given.report).toMatchObject({ version });
    expect(await everything(given)).toEqual(expected(version));
  });

  test('the file of before stays beside the new one', async () => {
    const version = 4;
    const dataDir = scratchFolder();
    const file = await putOldState(dataDir, version);
    const before = readFileSync(file);
    const found = await readUpgraded(dataDir, async (store) => {
      const report = await readUpgradeReport(store);
      expect(report).toMatchObject({ version, file, keptAs: `${file}.predecessor-v${version}` });
      return everything(store);
    });
    expect(found).toEqual(expected(version));
    expect(readFileSync(`${file}.predecessor-v${version}`).equals(before)).toBe(true);
    expect(readdirSync(join(dataDir, 'state')).toSorted()).toEqual([
      'system.duckdb',
      `system.duckdb.predecessor-v${version}`,
    ]);
  });

  test.skipIf(postgresMissing)('in PostgreSQL as well; the file is then out of the way', async () => {
    const dataDir = scratchFolder();
    const file = await putOldState(dataDir, 9);
    const databaseUrl = await createDatabase();
    expect(await fitsTarget({ file, version: 9 }, databaseUrl)).toBe(true);
    expect(await readUpgraded(dataDir, everything, { databaseUrl })).toEqual(expected(9));
    await expect(fitsTarget({ file, version: 9 }, databaseUrl)).rejects.toMatchObject({
      code: 'UPGRADE_TARGET_IN_USE',
    });
    expect(await fitsTarget({ file: dataDir, version: 0 }, databaseUrl)).toBe(false);
    expect(readdirSync(join(dataDir, 'state'))).toEqual(['system.duckdb.predecessor-v9']);
    await putOldState(dataDir, 9);
    expect(await readUpgraded(dataDir, everything, { databaseUrl })).toEqual(expected(9));
    await putOldState(dataDir, 7);
    await expect(readUpgraded(dataDir, everything, { databaseUrl })).rejects.toThrow(
      /is in use already: name an empty database/,
    );
    expect(readFileSync(file).length).toBeGreaterThan(0);
    expect(readdirSync(join(dataDir, 'state')).toSorted()).toEqual(['system.duckdb', 'system.duckdb.predecessor-v9']);
  });
});

describe('whatever the tables look like', () => {
  test('columns in another order, without keys and defaults; rows twice; what names nothing that is there', async () => {
    const dataDir = scratchFolder();
    await putOldState(
      dataDir,
      7,
      `create table other as select updated_at, name, id, email, role, password_hash, null::boolean as active, created_at from users;
       drop table users; alter table other rename to users;
       insert into users (id, email, role) values ('u-ada', 'twice@example.com', 'viewer'), ('u-two', 'ANN@example.com', 'admin'), (null, 'no@example.com', 'admin');
       insert into dataset_permissions values ('gone', 'crm_orders', 'read'), ('u-ann', 'nothing', 'read'), ('u-km', 'orders', 'write');
       insert into telegram_links values ('u-km', 123456789012, '2026-01-02 03:04:05'), ('gone', 7, null);
       insert into knowledge_votes values ('km_1', 'u-km', -1, '2026-01-02 03:04:05'), ('km_9', 'u-km', 1, null);
       insert into script_registry values ('s1', 'daily', 'u-ann', '0 8 * * MON', 'print(1)', '2026-01-02 03:04:05', null, null);
       insert into table_profiles values ('orders', '{"rows": 1}', '2026-01-02 03:04:05');
       insert into user_sync_settings values ('u-ann', 'orders', true, 'all', '["a"]', '2026-01-02 03:04:05');
       insert into pending_codes values ('123456', 5, null);
       insert into sync_history values ('h9', 'ghost', '2026-04-01 10:00:00', 1, 5, 'error', 'gone');
       create table made_by_somebody (id varchar, value integer); insert into made_by_somebody values ('x', 1);`,
    );
    await readUpgraded(dataDir, async (store) => {
      const found = await everything(store);
      expect(found.users).toEqual(expected(7).users.map((user) => user.replace(' inactive', ' active')));
      expect(found.grants).toEqual(expected(7).grants);
      expect(found.tableGrants).toContain('u-km allow table crm_orders ');
      const at = new Date('2026-01-02T03:04:05Z');
      expect(await rowsOf(store, 'predecessor_telegram_links', 'user_id')).toEqual([
        { user_id: 'u-km', chat_id: 123_456_789_012, linked_at: at },
      ]);
      expect(await rowsOf(store, 'predecessor_knowledge_votes', 'user_id')).toEqual([
        { item_id: 'km_1', user_id: 'u-km', vote: -1, voted_at: at },
      ]);
      expect(await rowsOf(store, 'predecessor_scripts', 'id')).toEqual([
        {
          id: 's1',
          name: 'daily',
          owner: 'u-ann',
          schedule: '0 8 * * MON',
          source: 'print(1)',
          deployed_at: at,
          last_run_at: null,
          last_status: null,
        },
      ]);
      expect(await rowsOf(store, 'predecessor_table_profiles', 'table_id')).toEqual([
        { table_id: 'orders', profile: '{"rows": 1}', profiled_at: at },
      ]);
      expect(await rowsOf(store, 'predecessor_sync_settings', 'user_id')).toEqual([
        { user_id: 'u-ann', dataset: 'orders', enabled: true, table_mode: 'all', tables: '["a"]', updated_at: at },
      ]);
      const left = await rowsOf(store, 'upgrade_leftovers', 'row_key');
      const whole = left
        .filter((row) => row['is_whole'])
        .map((row) => `${row['table_name']}: ${row['row_key']}: ${row['reason']}`);
      expect(whole.toSorted()).toEqual([
        'dataset_permissions: gone crm_orders: there is no user gone',
        'dataset_permissions: u-ann nothing: there is no table nothing',
        'knowledge_votes: km_9 u-km: there is no item km_9',
        'made_by_somebody: x: no such table is known',
        'personal_access_tokens: 7f3b0000-0000-4000-8000-000000000007: its owner is gone',
        'sync_history: h9: there is no table ghost',
        'telegram_links: gone: there is no user gone',
        'users: no id: it has no id or no e-mail address',
        'users: u-ada: another user has the same id',
        'users: u-two: the same e-mail address as another user, but for upper case',
      ]);
      expect(left.find((row) => row['row_key'] === 'u-two')).toMatchObject({
        row_values: expect.stringContaining('"email":"ANN@example.com"'),
      });
      const report = (await readUpgradeReport(store))!;
      for (const { rows, taken, left: out } of report.tables) expect(taken + out).toBe(rows);
      expect(report.tables).toContainEqual({ name: 'users', rows: 10, taken: 7, left: 3 });
      expect(report.warnings).toContainEqual(expect.stringContaining('ANN@example.com (u-two) was not taken over'));
    });
  });

  test.each([
    ['two rows of versions', 'insert into schema_version values (4, now());', 9],
    ['no row of a version', 'delete from schema_version;', 9],
    ['no table of versions', 'drop table schema_version;', 9],
  ])('%s', async (_what, script, version) => {
    const dataDir = scratchFolder();
    await putOldState(dataDir, version, script);
    expect(await everything(await takeFrom(dataDir))).toEqual(expected(version));
  });

  test('a file that was stamped with version 9 and never upgraded keeps its roles; an unfinished upgrade too', async () => {
    const [stamped, unfinished] = [scratchFolder(), scratchFolder()];
    await putOldState(stamped, 4, 'update schema_version set version = 9;');
    expect((await everything(await takeFrom(stamped))).grants).toEqual(expected(4).grants);
    await putOldState(
      unfinished,
      9,
      `update schema_version set version = 8; update users set role = 'superuser' where id = 'u-nul';`,
    );
    expect((await everything(await takeFrom(unfinished))).grants).toEqual(
      [...expected(9).grants, 'u-nul core.viewer auto-seed system:v9-backfill'].toSorted(),
    );
  });

  test('roles that a file of version 9 does not count any more stay so when another table is missing', async () => {
    const dataDir = scratchFolder();
    await putOldState(
      dataDir,
      9,
      `drop table personal_access_tokens; update users set role = 'admin' where id = 'u-off';`,
    );
    expect((await everything(await takeFrom(dataDir))).grants).toEqual(expected(9).grants);
  });

  test.each([
    ['a table of ours beside it', 'create table events (id integer);', null],
    ['no registry', 'drop table table_registry;', 'The file has no table table_registry.'],
  ])('a file that says its version is taken over: %s', async (_what, script, warning) => {
    const dataDir = scratchFolder();
    await putOldState(dataDir, 9, script);
    const found = await checkUpgrade({ dataDir, clock: systemClock }, settingsFor(dataDir));
    expect(found!.warnings.filter((line) => line.startsWith('The file has no'))).toEqual(warning ? [warning] : []);
    expect(await readUpgraded(dataDir, async (store) => (await everything(store)).users)).toEqual(expected(9).users);
  });

  test.each([
    ['of another program', 'drop table schema_version; drop table table_registry;', /holds tables of another program/],
    [
      'of a newer one of ours',
      'update schema_version set version = 9999; create table events (id integer);',
      /version 9999/,
    ],
  ])('a state %s: the check refuses as the start does', async (_what, script, refusal) => {
    const dataDir = scratchFolder();
    await putOldState(dataDir, 9, script);
    await expect(checkUpgrade({ dataDir, clock: systemClock }, settingsFor(dataDir))).rejects.toThrow(refusal);
    await expect(readUpgraded(dataDir, everything)).rejects.toThrow(refusal);
  });

  test('version 3 is there with and without requests for access', async () => {
    const dataDir = scratchFolder();
    await putOldState(dataDir, 3, 'drop table access_requests;');
    expect(await everything(await takeFrom(dataDir))).toEqual(expected(3));
  });

  test('times are those of UTC, or of the zone that the operator names', async () => {
    const dataDir = scratchFolder();
    await putOldState(dataDir, 9);
    const { runs } = await everything(await takeFrom(dataDir, { timeZone: 'America/Los_Angeles' }));
    expect(runs[0]).toBe('succeeded 2026-04-01T17:00:00.000Z');
  });

  test('tells how far it is with a table of many rows', async () => {
    const dataDir = scratchFolder();
    await putOldState(
      dataDir,
      9,
      `insert into audit_log (id, timestamp, action) select 'a' || range, current_timestamp, 'x' from range(100_000)`,
    );
    const told: unknown[] = [];
    const log = pino({ base: null }, { write: (line: string) => void told.push(JSON.parse(line)) });
    await checkUpgrade({ dataDir, clock: systemClock }, settingsFor(dataDir, { log }));
    expect(told).toEqual([expect.objectContaining({ table: 'audit_log', rows: 100_000, msg: 'an upgrade goes on' })]);
  });

  test('a version after 9 of the predecessor is refused and left alone', async () => {
    const dataDir = scratchFolder();
    const file = await putOldState(dataDir, 9, 'update schema_version set version = 10;');
    const before = readFileSync(file);
    await expect(readUpgraded(dataDir, everything)).rejects.toThrow(
      /schema version 10; versions 1 to 9 can be taken over/,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe('registry', () => {
  test('names that are taken twice, or are none, lose only their bare name; what a connector cannot read is told', async () => {
    const dataDir = scratchFolder();
    await putOldState(
      dataDir,
      9,
      `insert into table_registry (id, name, source_type, bucket, source_table, query_mode, sync_schedule, primary_key, is_public) values
        ('in_c-old_orders', 'orders', 'keboola', 'c-old', 'orders', 'remote', '0 25 * * *', 'a, b', null),
        ('bad/name', 'Bad-Name; drop', 'keboola', 'in.c-crm', 'x', 'local', '0 7 * * 1-5', '', true),
        ('issues', 'issues', 'jira', '', null, 'local', null, null, true),
        ('csv_main', 'main', 'csv', null, null, 'hybrid', null, null, true);`,
    );
    const store = await takeFrom(dataDir, {
      readVariable: (name) =>
        ({
          KEBOOLA_STACK_URL: 'https://connection.example.com/',
          BIGQUERY_PROJECT: 'my-project-1',
          JIRA_DOMAIN: 'jira.example.com',
          JIRA_EMAIL: 'bot@example.com',
        })[name],
    });
    const tables = await rowsOf(store, 'tables', 'sql_name');
    const shown = tables.map((row) =>
      [row['sql_name'], row['alias'], row['options'], row['schedule'], row['primary_key']].join(' '),
    );
    expect(shown).toEqual([
      'bigquery.events events {"dataset":"web","table":"events"} every 15m ["id"]',
      'from_csv.main  {"table":"main"}  []',
      'jira.issues issues {"table":"issues"}  []',
      'keboola.bad_name__drop  {"table":"in.c-crm.x","mode":"full"} 0 7 * * 1-5 []',
      'keboola.customers customers {"table":"in.c-crm.customers","mode":"full"} every 15m ["id"]',
      'keboola.orders orders {"table":"in.c-crm.orders","mode":"full"} every 15m ["id"]',
      'keboola.orders_2  {"table":"in.c-old.orders","mode":"full"}  ["a","b"]',
    ]);
    const sources = await rowsOf(store, 'sources', 'name');
    expect(sources.map((row) => [row['name'], row['config']].join(' '))).toEqual([
      'bigquery {"project":"my-project-1","credentials":"adc","maxBytesBilled":"10737418240","timeoutSeconds":1800}',
      `from_csv {"folder":"${dataDir}/extracts/csv"}`,
      expect.stringContaining('"baseUrl":"https://jira.example.com","email":"bot@example.com"'),
      'keboola {"stackUrl":"https://connection.example.com","tokenEnv":"KEBOOLA_STORAGE_TOKEN","exportTimeoutSeconds":3600}',
    ]);
    const { warnings } = store.report;
    expect(warnings).toContainEqual(expect.stringContaining('Bad-Name; drop (bad/name) has no bare name'));
    expect(warnings).toContainEqual(
      expect.stringContaining('orders (in_c-old_orders) was remote there and is copied here'),
    );
    expect(warnings).toContainEqual(expect.stringContaining('"0 25 * * *" is no schedule'));
    expect(warnings).toContainEqual(expect.stringContaining('The id "bad/name" cannot stand in addresses'));
  });
});
