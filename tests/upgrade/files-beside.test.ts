import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { openPredecessorTokens } from '../../src/identity/predecessor-tokens.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { ConfigurationError } from '../../src/kernel/config.ts';
import { checkUpgrade } from '../../src/upgrade/open-upgraded-store.ts';
import { readUpgradeReport } from '../../src/upgrade/read-upgrade-report.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { putOldState, readUpgraded, settingsFor, takeFrom } from './old-state.ts';

function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function link(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

async function runDuckDb(file: string, script: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(script);
  connection.closeSync();
  instance.closeSync();
}

function writeParquet(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  return runDuckDb(':memory:', `copy (select 1 as id) to '${path}' (format parquet)`);
}

function noteOf(address: string): string {
  return `user_local_md/${address}.md`;
}

async function putOddities(dataDir: string): Promise<void> {
  const at = (...names: string[]) => join(dataDir, ...names);
  await putOldState(
    dataDir,
    9,
    `insert into table_registry (id, name, source_type, query_mode, is_public) values
       ('stored', 'stored', 'csv', 'local', false), ('lost', 'lost', 'none', 'local', false);`,
  );
  put(at('user_sessions/ann/one.jsonl'), 'one');
  put(at('user_sessions/u-ann/2026/05/two\\.jsonl'), 'two');
  link(at('user_sessions/u-ann/again'), at('user_sessions/u-ann'));
  link(at('user_sessions/u-ann/gone.jsonl'), at('nowhere'));
  link(at('user_sessions/u-km'), at('user_sessions/u-ann'));
  link(at('user_sessions/u-ann/other.jsonl'), at('state/system.duckdb'));
  link(at(noteOf('nul@example.com')), at('state/system.duckdb'));
  for (const name of ['one', 'two']) put(at(`user_sessions/nobody/${name}.jsonl`), name);
  put(at('user_sessions/u-ann/same.jsonl'), 'one');
  put(at('user_sessions/u-ann/huge.jsonl'), '');
  truncateSync(at('user_sessions/u-ann/huge.jsonl'), 1e12);
  put(at('user_sessions/stray.jsonl'), 'stray');
  put(at('user_sessions/strayed.jsonl'), 'strayed');
  link(at('user_artifacts'), at('user_artifacts'));
  put(at(noteOf('Ann@example.com')), 'mine');
  mkdirSync(at(noteOf('kim@example.com')));
  link(at(noteOf('vic.mixed@example.com')), at('nowhere'));
  writeFileSync(Buffer.concat([Buffer.from(at('user_local_md/')), Buffer.from([0xff])]), 'no name');
  const raw = at('src_data/raw/jira');
  put(join(raw, 'issues/SHOP-1.json'), '{}');
  mkdirSync(join(raw, 'issues/x.json'));
  link(join(raw, 'issues/SHOP-2.json'), join(raw, 'issues/SHOP-1.json'));
  put(join(raw, 'attachments/A-1/1_f.txt'), 'f');
  put(join(raw, 'webhook_events/e.json'), '{}');
  await writeParquet(at('elsewhere/jira/data/issues/2026-01.parquet'));
  await writeParquet(at('elsewhere/orders.parquet'));
  link(at('elsewhere/jira/data/comments.parquet'), at('elsewhere/orders.parquet'));
  link(at('extracts/jira'), at('elsewhere/jira'));
  link(at('extracts/keboola/data/orders.parquet'), at('elsewhere/orders.parquet'));
  link(at('extracts/keboola/data/customers.parquet'), at('nowhere'));
  link(at('extracts/from_none'), at('nowhere'));
  await writeParquet(at('src_data/parquet/none/lost.parquet'));
  link(at('src_data/parquet/again'), at('src_data/parquet'));
  await runDuckDb(
    at('elsewhere/csv/extract.duckdb'),
    `create table _meta (table_name varchar not null, description varchar, rows bigint, size_bytes bigint, extracted_at timestamp, query_mode varchar);
     insert into _meta values ('stored', null, 1, 1, null, 'local'); create table stored as select 3 as id;`,
  );
  link(at('extracts/csv'), at('elsewhere/csv'));
  put(at('state/.jwt_secret'), '\n');
  writeFileSync(at('state/.env_overlay'), Buffer.from('GREETING=caf\u00e9\n', 'latin1'));
  put(
    at('state/instance.yaml'),
    `\ufeffinstance: { name: 1999, name: 2026 }
usual: &usual { type: none, type: keboola }
data_source: { <<: *usual, keboola: { stack_url: true }, bigquery: { project: [a], location: } }
auth: { allowed_domain: [Example.com, "example.org, example.net", 7] }
`,
  );
}

test('an odd entry beside the database costs itself alone, in the check as in the start', async () => {
  const dataDir = scratchFolder();
  const at = (...names: string[]) => join(dataDir, ...names);
  await putOddities(dataDir);
  const checked = await checkUpgrade({ dataDir, clock: systemClock }, settingsFor(dataDir));
  const { report, uploads, states, settings } = await readUpgraded(dataDir, async (store) => ({
    report: await readUpgradeReport(store),
    uploads: await store.db.selectFrom('uploads').select(['user_id', 'name']).orderBy('name').execute(),
    states: await store.db.selectFrom('table_sync_states').select(['table_id', 'row_count']).execute(),
    settings: await store.db.selectFrom('instance_settings').select(['key', 'value']).orderBy('key').execute(),
  }));
  expect({ ...report, at: null }).toEqual({ ...checked, at: null });
  expect(uploads.map(({ user_id: userId, name }) => `${userId} ${name}`)).toEqual([
    'u-ann notes/CLAUDE.local.md',
    'u-ann sessions/2026/05/two_.jsonl',
    'u-ann sessions/one.jsonl',
  ]);
  const rows = Object.fromEntries(states.map((state) => [state.table_id, Number(state.row_count)]));
  expect(rows).toEqual({ comments: 1, crm_orders: 1, issues: 1, stored: 1 });
  expect(readFileSync(at('extracts/jira/raw/issues/SHOP-1.json'), 'utf8')).toBe('{}');
  expect(settings).toEqual([
    { key: 'allowedDomains', value: '["example.com","example.org","example.net"]' },
    { key: 'name', value: '"2026"' },
  ]);
  const { warnings, files } = report!;
  const beside = warnings.filter((line) => line.includes(dataDir) && !line.includes('connector extract'));
  expect(beside.toSorted()).toEqual(
    [
      `${at('extracts/from_none')} is a link to nothing: no rows of its tables are taken over; they come with their next sync.`,
      `${at('extracts/from_none')} was left out: it is a link to nothing.`,
      `${at('extracts/keboola/data/customers.parquet')} was left out: it is a link to nothing.`,
      `${at('src_data/raw/jira/issues/x.json')} was left out: it is no file.`,
      `${at('user_artifacts')} was left out: it cannot be read (ELOOP).`,
      `${at(noteOf('kim@example.com'))} was left out: it is no file.`,
      `${at(noteOf('vic.mixed@example.com'))} was left out: it is a link to nothing.`,
      `${at('user_local_md/\ufffd')} was left out: its name is not in UTF-8.`,
      `What lies in ${at('user_sessions')} itself was left out (files: 2, such as stray.jsonl): no folder says whose it is.`,
      `${at('user_sessions/nobody')} was left out (files: 2, such as one.jsonl): there is no user nobody.`,
      `${at(noteOf('nul@example.com'))} was left out: it is a link.`,
      `${at('user_sessions/u-km')} was left out: it is a link.`,
      `${at('user_sessions/u-ann/again')} was left out: it is a link.`,
      `${at('user_sessions/u-ann/gone.jsonl')} was left out: it is a link to nothing.`,
      `${at('user_sessions/u-ann/other.jsonl')} was left out: it is a link.`,
      `${at('src_data/raw/jira/issues/SHOP-2.json')} was left out: it is a link.`,
      `${at('user_sessions/u-ann/huge.jsonl')} was left out: it is larger than what may be sent.`,
    ].toSorted(),
  );
  expect(warnings).toContain('auth.allowed_domain: 7 is no domain and was left out.');
  expect(files).toContainEqual(
    expect.stringMatching(/attachments holds 1 copies .+, such as A-1\/1_f\.txt; they stay/),
  );
  expect(files).toContainEqual(expect.stringMatching(/webhook_events holds 1 events .+, such as e\.json; they stay/));
  expect(files).toContain(
    `${at('state/instance.yaml')}: these keys have no meaning here: usual.type, data_source.keboola.stack_url, data_source.bigquery.project.`,
  );
  expect(files).toContainEqual(expect.stringMatching(/^Not copied again .+ \(files: 1, such as .+\.jsonl\)\.$/));
  expect(files).toContain(`${at('state/.env_overlay')} counts on: GREETING.`);
  expect(files).toContainEqual(expect.stringContaining('There is neither .jwt_secret nor JWT_SECRET_KEY'));
});

test.each([
  ['a file', 'token: *secret\nuser: [', 'cannot be read as YAML (line 2, column 8)'],
  ['a list', '[]', 'holds no keys and'],
  ['a link to itself', null, 'cannot be read (ELOOP) and'],
])('an instance.yaml that cannot be read is told from one that is none: %s', async (_what, content, fault) => {
  const dataDir = scratchFolder();
  await putOldState(dataDir, 9);
  const path = join(dataDir, 'state/instance.yaml');
  if (content === null) link(path, path);
  else put(path, content);
  const { warnings } = (await checkUpgrade({ dataDir, clock: systemClock }, settingsFor(dataDir)))!;
  expect(warnings).toContainEqual(expect.stringContaining(`${path} ${fault}`));
});

test('where the fixed instance.yaml counts there is no other, such as behind a link to nothing', async () => {
  const dataDir = scratchFolder();
  await putOldState(dataDir, 9);
  const [written, fixed] = [join(dataDir, 'state/instance.yaml'), join(dataDir, 'config/instance.yaml')];
  link(written, join(dataDir, 'nowhere'));
  put(fixed, 'instance: { name: Fixed }');
  const readVariable = (name: string) => (name === 'CONFIG_DIR' ? dirname(fixed) : undefined);
  const { given, report } = await takeFrom(dataDir, { readVariable });
  expect(given.get('instance_settings')).toContainEqual(expect.objectContaining({ key: 'name', value: '"Fixed"' }));
  expect(report.warnings).toContain(`${written} is a link to nothing; ${fixed} counts.`);
});

test.each([
  ['raw is a link to nothing', (raw: string) => link(raw, `${raw}.away`), 1],
  ['an issue that is a folder', (raw: string) => mkdirSync(join(raw, 'issues/SHOP-1.json'), { recursive: true }), 0],
])('issues of Jira stay where they are when they cannot be put beside: %s', async (_what, spoil, waiting) => {
  const dataDir = scratchFolder();
  await putOldState(
    dataDir,
    9,
    `insert into table_registry (id, name, source_type) values ('issues', 'issues', 'jira');`,
  );
  put(join(dataDir, 'src_data/raw/jira/issues/SHOP-1.json'), '{}');
  mkdirSync(join(dataDir, 'extracts/jira'), { recursive: true });
  spoil(join(dataDir, 'extracts/jira/raw'));
  const checked = await checkUpgrade({ dataDir, clock: systemClock }, settingsFor(dataDir));
  const kept = await readUpgraded(dataDir, readUpgradeReport);
  expect({ ...kept, at: null }).toEqual({ ...checked, at: null });
  expect(kept!.warnings.filter((line) => line.includes('they stay where they are'))).toHaveLength(waiting);
});

test('what would keep the server from starting afterwards is refused before, by the check and the start alike', async () => {
  const dataDir = scratchFolder();
  const file = await putOldState(dataDir, 9);
  const before = readFileSync(file);
  const [secret, extracts] = [join(dataDir, 'state/.jwt_secret'), join(dataDir, 'extracts')];
  mkdirSync(secret);
  link(extracts, join(dataDir, 'nowhere'));
  const uploads = join(dataDir, 'uploads');
  put(uploads, 'no folder');
  const refusal = {
    code: 'UPGRADE_FILE_UNFIT',
    message: `${extracts} is a link to nothing; ${uploads} is no folder; ${secret} cannot be read (EISDIR): repair it, or move it away. Nothing was taken over.`,
  };
  const options = { dataDir, clock: systemClock };
  await expect(checkUpgrade(options, settingsFor(dataDir))).rejects.toMatchObject(refusal);
  await expect(readUpgraded(dataDir, readUpgradeReport)).rejects.toMatchObject(refusal);
  expect(readFileSync(file).equals(before)).toBe(true);
  mkdirSync(join(dataDir, 'nowhere'));
  rmSync(uploads);
  const readVariable = (name: string) => (name === 'JWT_SECRET_KEY' ? 'a'.repeat(64) : undefined);
  expect(await checkUpgrade(options, settingsFor(dataDir, { readVariable }))).not.toBeNull();

  expect(() => openPredecessorTokens({ secret: undefined, dataDir })).toThrow(ConfigurationError);
  expect(() => openPredecessorTokens({ secret: undefined, dataDir })).toThrow(`${secret} cannot be read (EISDIR):`);
});
