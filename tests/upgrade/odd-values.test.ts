import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { checkUpgrade } from '../../src/upgrade/open-upgraded-store.ts';
import { readUpgradeReport } from '../../src/upgrade/read-upgrade-report.ts';
import { createDatabase, postgresMissing } from '../kit/postgres.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { putOldState, readUpgraded, settingsFor, takeFrom, type Given } from './old-state.ts';

/** Values that no version of the predecessor wrote by itself, in every kind of place. */
const oddities = `
  create type word as enum ('admin', 'viewer', 'x[y]');
  create table given as select * from user_role_grants; drop table user_role_grants; alter table given rename to "User_Role_Grants";
  create table other as select * exclude (name, email), email as "Email", 'x[y]'::word as name from users; drop table users; alter table other rename to "USERS";
  create table tokens as select * exclude (revoked_at), null::date as revoked_at from personal_access_tokens;
  drop table personal_access_tokens; alter table tokens rename to personal_access_tokens;
  insert into personal_access_tokens (id, user_id, name, token_hash, prefix, expires_at, revoked_at) values
    ('never', 'u-ann', 'never', 'a1', 'n', 'infinity', null), ('past', 'u-ann', 'past', 'a2', 'p', '-infinity', null),
    ('far', 'u-ann', 'far', 'a3', 'f', '12026-01-01', null), ('revoked', 'u-ann', 'revoked', 'a4', 'r', null, '2026-01-01'),
    ('last', 'u-ann', 'last', 'a5', 'l', '9999-12-31 23:59:59', null), ('icu', 'u-ann', 'icu', 'a6', 'i', '294247-01-10 04:00:54', null);
  insert into audit_log (id, timestamp, action, params) values
    ('a-bc', '0044-03-15 (BC) 12:00:00', 'x', '{"id": 9007199254740993, "text": "9007199254740993", "rate": 0.1}'),
    ('a-end', 'infinity', 'x', '{"huge": 1e400}'), ('a-nul', '2026-01-01', 'say' || chr(0) || 'it', '{"short": 12345}');
  insert into sync_history (id, table_id, synced_at, rows, duration_ms) values ('h-long', 'orders', '0001-01-01 00:00:01', 1, 5000);
  insert into table_registry (id, name, source_type, bucket, source_table, query_mode, is_public) values
    ('orders', 'sales_orders', 'csv', null, 'real_orders', '', false), ('a/b c', 'slash', 'keboola', '', 'in.c-x.real', 'local', false);
  insert into sync_state (table_id, rows) values ('sales_orders', 77);
  insert into metric_definitions (id, name, display_name, category, sql, sql_variants) values
    ('general/five', 'five', 'Five', 'general', 'select 5', '5'), ('general/list', 'list', 'List', 'general', 'select 6', '["a", "b"]'),
    ('general/text', 'text', 'Text', 'general', 'select 7', '"select 1"');
  insert into dataset_permissions values ('u-km', 'customers', 'read'), ('u-km', 'crm_customers', 'none'), ('u-vic', 'in.c-crm.*', 'none');
  insert into knowledge_items (id, title) values ('nul', 'half' || chr(0) || 'way');
  insert into script_registry (id, name, source) values ('nul' || chr(0), 'x', 'y');
  create table events (id integer, rate double); insert into events values (1, 'infinity'), (2, 'nan');
  create schema extra; create table extra.mine (id varchar, "When" timestamp); insert into extra.mine values ('m', 'infinity');`;

/** The one that has the id among the rows of a table. */
function rowOf({ given }: Given, table: string, id: string): Record<string, unknown> | undefined {
  return given.get(table)?.find((row) => row['id'] === id);
}

describe('values that were never meant', () => {
  let dataDir: string;
  let given: Given;

  const leftovers = () =>
    given.given.get('upgrade_leftovers')!.map((row) => `${row['table_name']} ${row['row_key']} ${row['row_values']}`);
  const leftOf = (start: string) => leftovers().filter((line) => line.startsWith(start));

  beforeAll(async () => {
    dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'agnes-')));
    await putOldState(dataDir, 9, oddities);
    given = await takeFrom(dataDir);
  });

  afterAll(() => rmSync(dataDir, { recursive: true }));

  test('a table or column in upper case is the same one, and one of another kind is read', () => {
    expect(rowOf(given, 'users', 'u-ada')).toMatchObject({ email: 'ada@example.com', name: 'x[y]' });
    expect(given.given.get('users')).toHaveLength(7);
  });

  test('a token whose end cannot be kept is left out, never taken without it', () => {
    const names = given.given.get('tokens')!.map((row) => row['name']);
    expect(names).toEqual(['ci', 'last']);
    expect(rowOf(given, 'tokens', 'last')).toMatchObject({ expires_at: new Date('9999-12-31T23:59:59Z') });
    expect(leftOf('personal_access_tokens never')).toEqual([expect.stringContaining('"expires_at":"infinity"')]);
    expect(leftOf('personal_access_tokens past')).toEqual([expect.stringContaining('"expires_at":"-infinity"')]);
    expect(leftOf('personal_access_tokens far')).toEqual([expect.stringContaining('"expires_at":"+012026-01-01')]);
    expect(leftOf('personal_access_tokens icu')).toEqual([expect.stringContaining('"expires_at":"294247-01-10')]);
    expect(leftOf('personal_access_tokens revoked')).toEqual([expect.stringContaining('"revoked_at":"2026-01-01"')]);
  });

  test('numbers and times that cannot be kept stay as they were among the leftovers', () => {
    expect(leftOf('audit_log a-bc')).toEqual([expect.stringMatching(/-000043-03-15.*\\"id\\": 9007199254740993/)]);
    expect(leftOf('audit_log a-end')).toEqual([expect.stringContaining('1e400')]);
    expect(leftOf('audit_log a-nul ')).toEqual([expect.stringContaining(String.raw`say\u0000it`)]);
    expect(rowOf(given, 'audit_events', 'a-nul')).toMatchObject({ action: 'say\uFFFDit', details: '{"short":12345}' });
    expect(given.report.warnings).toContainEqual(expect.stringContaining('2 rows of the audit say no time'));
    expect(leftOf('events')).toEqual(['events 1 {"id":1,"rate":"Infinity"}', 'events 2 {"id":2,"rate":"NaN"}']);
    expect(leftOf('sync_history h-long')).toEqual([expect.stringContaining('"duration_ms":5000')]);
  });

  test('a table outside the schema main is left out with all its rows', () => {
    expect(leftOf('extra.mine')).toEqual(['extra.mine m {"id":"m","when":"infinity"}']);
  });

  test('a name at the source that nothing uses is not forgotten', () => {
    expect(leftOf('table_registry').filter((line) => line.includes('source_table'))).toEqual([
      expect.stringMatching(/^table_registry orders .*"source_table":"real_orders"/),
      expect.stringMatching(/^table_registry a\/b c .*"source_table":"in\.c-x\.real"/),
    ]);
  });

  test('variants of a metric that are no object stay as they were', () => {
    expect(leftOf('metric_definitions').toSorted()).toEqual([
      'metric_definitions general/five {"sql_variants":"5"}',
      String.raw`metric_definitions general/list {"sql_variants":"[\"a\", \"b\"]"}`,
      String.raw`metric_definitions general/text {"sql_variants":"\"select 1\""}`,
    ]);
  });

  test('what a sync noted belongs to the table of the name, not to one whose id is the same', () => {
    const states = given.given.get('table_sync_states')!;
    expect(Object.fromEntries(states.map((row) => [row['table_id'], row['row_count']]))).toEqual({
      crm_orders: 2000,
      orders: 77,
    });
    const runs = given.given.get('sync_run_tables')!;
    expect(new Set(runs.map((row) => row['table_id']))).toEqual(new Set(['crm_orders']));
  });

  test('a user of whom it is not plain whether it is active is not', async () => {
    const folder = scratchFolder();
    await putOldState(
      folder,
      5,
      `create table other as select * exclude (active), if(id = 'u-ann', 'off', 'true') as active from users;
       drop table users; alter table other rename to users;`,
    );
    const { given: rows, report } = await takeFrom(folder);
    expect(rows.get('users')!.every((row) => row['active'] === false)).toBe(true);
    expect(report.warnings).toContainEqual(expect.stringContaining('ann@example.com is inactive'));
  });

  test('a denial counts, whatever else says the opposite before it', () => {
    const grants = given.given.get('table_grants')!;
    const ofKim = grants
      .filter((row) => row['grantee_id'] === 'u-km')
      .map((row) => `${row['scope_id']} ${row['effect']}`);
    expect(ofKim).toContain('crm_customers deny');
    expect(ofKim).not.toContain('crm_customers allow');
  });

  test('the check says exactly what the start then keeps, also of files that cannot be read', async () => {
    const extract = join(dataDir, 'extracts', 'keboola', 'data');
    mkdirSync(extract, { recursive: true });
    writeFileSync(join(extract, 'customers.parquet'), 'PAR1 but not really');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`copy (select 1 as id) to '${join(extract, 'orders.parquet')}' (format parquet)`);
    instance.closeSync();
    const file = join(dataDir, 'state', 'system.duckdb');
    writeFileSync(`${file}.predecessor-v9`, 'a copy of something else');
    const outcome = async (databaseUrl?: string) => {
      const found = await checkUpgrade({ dataDir, databaseUrl, clock: systemClock }, settingsFor(dataDir));
      const kept = await readUpgraded(dataDir, readUpgradeReport, databaseUrl ? { databaseUrl } : {});
      return [found, kept].map((report) => ({ ...report, at: null }));
    };
    const [found, kept] = await outcome();
    expect(kept).toEqual(found);
    expect(found).toMatchObject({ keptAs: `${file}.predecessor-v9-2` });
    expect(found!.warnings).toContainEqual(
      expect.stringContaining('The files of customers (crm_customers) were left out'),
    );
    expect(found!.files).toContainEqual(expect.stringContaining('The rows of 1 tables'));
    if (postgresMissing) return;
    writeFileSync(file, readFileSync(`${file}.predecessor-v9-2`));
    const [foundThere, keptThere] = await outcome(await createDatabase());
    expect(keptThere).toEqual(foundThere);
  });
});
