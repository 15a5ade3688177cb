import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { readConfig } from '../../src/kernel/config.ts';
import { describeUpgrade } from '../../src/server/check-upgrade.ts';
import type { Store } from '../../src/store/store.ts';
import { checkUpgrade } from '../../src/upgrade/open-upgraded-store.ts';
import { readUpgradeReport } from '../../src/upgrade/read-upgrade-report.ts';
import { describeReport } from '../../src/upgrade/upgrade-report.ts';
import { createDatabase, postgresMissing } from '../kit/postgres.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { putOldState, readUpgraded, settingsFor, takeFrom } from './old-state.ts';

const hash = '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo';

const users = {
  'Eve.Guest@Partner.example.com': { name: 'Eve \ud800', password_hash: hash, setup_token: 'let-me-in' },
  'fay@example.com': { password_hash: 'scrypt:32768:8:1$old' },
};
const registry = {
  tables: [
    { id: 'in.c-sales.orders', name: 'orders', folder: 'sales', primary_key: ['id', 'line'], description: 'Orders.' },
    { id: 'in.c-sales.customers', sync_schedule: 'every 2h', registered_at: '2026-03-01T08:00:00' },
  ],
};
const items = {
  km_1: {
    title: 'Filter first',
    content: 'Before a join.',
    source_users: ['fay'],
    extracted_at: '2026-02-05T10:30:00Z',
  },
  km_2: { id: 'km_2', title: 'Ask', tags: ['sql'], votes_up: 2 },
};

const files: Record<string, unknown> = {
  'auth/password_users.json': users,
  'src_data/metadata/table_registry.json': registry,
  'src_data/metadata/sync_state.json': {
    tables: {
      'in.c-sales.orders': { rows: 3, file_size_bytes: 50, last_sync: '2026-03-02 06:00:00.123456', hash: 'abc' },
    },
  },
  'src_data/metadata/profiles.json': {
    generated_at: '2026-03-02T07:00:00Z',
    tables: { 'in.c-sales.orders': { row_count: 3 } },
  },
  'corporate-memory/knowledge.json': { items, metadata: { total_users: 2 } },
  'corporate-memory/votes.json': { fay: { km_1: 1, km_9: -1 }, nobody: { km_1: 1 } },
  'notifications/telegram_users.json': {
    'eve.guest@partner.example.com': { chat_id: 7, linked_at: '2026-01-01T00:00:00Z' },
    fay: { chat_id: 8 },
    gone: { chat_id: 9 },
  },
};

async function putOlderForms(dataDir: string, forms: Record<string, unknown> = files): Promise<void> {
  for (const [name, content] of Object.entries(forms)) {
    mkdirSync(dirname(join(dataDir, name)), { recursive: true });
    writeFileSync(join(dataDir, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  await writeParquet(join(dataDir, 'src_data/parquet/sales/orders.parquet'));
}

async function writeParquet(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`copy (select 1 as id union all select 2) to '${path}' (format parquet)`);
  connection.closeSync();
  instance.closeSync();
}

async function everything({ db }: Store) {
  const people = await db.selectFrom('users').selectAll().orderBy('email').execute();
  const emailOf = new Map(people.map(({ id, email }) => [id, email]));
  const tables = await db.selectFrom('tables').selectAll().orderBy('id').execute();
  const states = await db.selectFrom('table_sync_states').selectAll().orderBy('table_id').execute();
  const knowledge = await db.selectFrom('predecessor_knowledge_items').selectAll().orderBy('id').execute();
  const votes = await db.selectFrom('predecessor_knowledge_votes').selectAll().execute();
  const links = await db.selectFrom('predecessor_telegram_links').selectAll().orderBy('chat_id').execute();
  const profiles = await db.selectFrom('predecessor_table_profiles').selectAll().execute();
  const grants = await db.selectFrom('role_grants').selectAll().execute();
  return {
    users: people.map(({ email, name, active, password_hash: kept }) => [email, name, active, kept]),
    grants: grants.map((grant) => `${emailOf.get(grant.user_id)} ${grant.role_key}`).toSorted(),
    tables: tables.map((table) => [
      [table.id, table.sql_name, table.alias, table.bucket, table.is_public, table.schedule].join(' '),
      table.description,
      JSON.parse(table.primary_key),
      JSON.parse(table.options),
      table.created_at.toISOString().slice(0, 10) === '2026-03-01',
    ]),
    states: states.map((state) => [state.table_id, Number(state.row_count), state.last_sync_at?.toISOString()]),
    knowledge: knowledge.map((item) => [
      item.id,
      item.title,
      item.tags,
      item.contributors,
      item.created_at?.toISOString(),
    ]),
    votes: votes.map((vote) => [vote.item_id, emailOf.get(vote.user_id), Number(vote.vote)]),
    links: links.map((link) => [emailOf.get(link.user_id), Number(link.chat_id), link.linked_at?.toISOString()]),
    profiles: profiles.map((profile) => [profile.table_id, profile.profile, profile.profiled_at?.toISOString()]),
  };
}

const expected = {
  users: [
    ['eve.guest@partner.example.com', 'Eve \ufffd', true, hash],
    ['fay@example.com', 'fay', true, null],
  ],
  grants: ['eve.guest@partner.example.com core.analyst', 'fay@example.com core.analyst'],
  tables: [
    [
      'in.c-sales.customers keboola.in_c_sales_customers  in.c-sales true every 2h',
      null,
      [],
      { table: 'in.c-sales.customers', mode: 'full' },
      true,
    ],
    [
      'in.c-sales.orders keboola.orders orders in.c-sales true ',
      'Orders.',
      ['id', 'line'],
      { table: 'in.c-sales.orders', mode: 'full' },
      false,
    ],
  ],
  // Of the table whose rows are there: two, whatever its state said.
  states: [['in.c-sales.orders', 2, '2026-03-02T06:00:00.123Z']],
  knowledge: [
    ['km_1', 'Filter first', null, '["fay"]', '2026-02-05T10:30:00.000Z'],
    ['km_2', 'Ask', '["sql"]', null, undefined],
  ],
  votes: [['km_1', 'fay@example.com', 1]],
  links: [
    ['eve.guest@partner.example.com', 7, '2026-01-01T00:00:00.000Z'],
    ['fay@example.com', 8, undefined],
  ],
  profiles: [['in.c-sales.orders', '{"row_count":3}', '2026-03-02T07:00:00.000Z']],
};

describe.each(['duckdb', 'postgres'])('without a database, into %s', (database) => {
  test.skipIf(database === 'postgres' && postgresMissing)(
    'everything is taken over once, and the files stay as they are',
    async () => {
      const dataDir = scratchFolder();
      await putOlderForms(dataDir);
      const options = database === 'postgres' ? { databaseUrl: await createDatabase() } : {};
      const checked = await checkUpgrade({ dataDir, clock: systemClock }, settingsFor(dataDir));
      expect(describeReport(checked!)).toContain(`Files in ${dataDir}, from before the predecessor had a database,`);

      const { found, report } = await readUpgraded(
        dataDir,
        async (store) => ({ found: await everything(store), report: await readUpgradeReport(store) }),
        options,
      );
      expect(found).toEqual(expected);
      expect(report).toMatchObject({ version: 0, file: dataDir, keptAs: dataDir });
      expect(report!.tables).toEqual(checked!.tables);
      expect(report!.tables).toContainEqual({ name: 'knowledge_votes', rows: 3, taken: 1, left: 2 });
      expect(report!.leftovers.map(({ table, reason, keys }) => [table, reason, keys])).toEqual(
        expect.arrayContaining([
          ['users', 'no place for password_hash', [expect.any(String)]],
          ['telegram_links', 'there is no user gone', ['gone']],
          ['knowledge_items', 'no place for votes_up', ['km_2']],
        ]),
      );
      expect(report!.warnings).toContainEqual(expect.stringContaining('send a link to fay@example.com'));
      expect(JSON.stringify(report)).not.toContain('let-me-in');
      expect(JSON.parse(readFileSync(join(dataDir, 'auth/password_users.json'), 'utf8'))).toEqual(users);

      await putOlderForms(dataDir, { 'auth/password_users.json': { 'late@example.com': {} } });
      expect(await readUpgraded(dataDir, everything, options)).toEqual(expected);
    },
  );
});

test('the tables of Jira in the older tree are registered, private, with the rows of all months', async () => {
  const dataDir = scratchFolder();
  await putOlderForms(dataDir);
  const tree = join(dataDir, 'src_data/parquet');
  await writeParquet(join(tree, 'elsewhere/issues.parquet'));
  await writeParquet(join(tree, 'jira/issues/2026-01.parquet'));
  await writeParquet(join(tree, 'jira/issues/2026-02.parquet'));
  await writeParquet(join(tree, 'elsewhere/comments.parquet'));
  const { tables, states } = await readUpgraded(dataDir, everything);
  expect(tables.map(([named]) => named)).toContainEqual('issues jira.issues issues  false ');
  expect(tables).toHaveLength(3);
  expect(states).toContainEqual(['issues', 4, undefined]);
});

test('an instance that begins here takes nothing over', async () => {
  const dataDir = scratchFolder();
  expect(await checkUpgrade({ dataDir, clock: systemClock }, settingsFor(dataDir))).toBeNull();
  expect(await readUpgraded(dataDir, readUpgradeReport)).toBeNull();
});

test('the check tells what a start finds: a state that nobody uses yet takes the files, a used one leaves them alone', async () => {
  const dataDir = scratchFolder();
  await readUpgraded(dataDir, readUpgradeReport);
  const late = 'corporate-memory/votes.json';
  await putOlderForms(dataDir, { ...files, [late]: {} });
  const config = readConfig({ DATA_DIR: dataDir });
  expect(await describeUpgrade(config)).toContain(`Files in ${dataDir}, from before the predecessor had a database,`);
  await readUpgraded(dataDir, everything);
  await putOlderForms(dataDir);
  const lines = (await describeUpgrade(config)).split('\n');
  const before = 'Files from before the predecessor had a database';
  const taken = Object.keys(files).filter((name) => name !== late);
  expect(lines.slice(1)).toEqual([
    `${before} were taken over already: ${taken.map((name) => join(dataDir, name)).join(', ')}.`,
    `${before} are left alone, because somebody uses this state already: ${join(dataDir, late)}.`,
    '',
  ]);
});

test('a description in Markdown counts where no JSON lists the tables', async () => {
  const dataDir = scratchFolder();
  await putOlderForms(dataDir, {
    'docs/data_description.md': `\ufeff${description.replaceAll('#', '`')}`,
    'corporate-memory/knowledge.json': `\ufeff${JSON.stringify({ items: Object.values(items), metadata: { total_users: 2 } })}`,
    'src_data/metadata/profiles.json': '{"tables": {"plain": {"mean": NaN, "note": "NaN", "top": -Infinity}}}',
    'corporate-memory/votes.json': {},
  });
  const { tables, knowledge, profiles, warnings } = await readUpgraded(dataDir, async (store) => ({
    ...(await everything(store)),
    warnings: (await readUpgradeReport(store))!.warnings,
  }));
  expect(tables.map(([named, , primaryKey]) => [named, primaryKey])).toEqual([
    ['in.c-a.fifth keboola.in_c_a_fifth  in.c-a true ', ['b']],
    ['in.c-a.first keboola.first first in.c-a true ', ['id']],
    ['in.c-a.fourth keboola.in_c_a_fourth  in.c-a true ', ['id', 'line']],
    ['in.c-a.second keboola.second second in.c-a true ', []],
    ['in.c-a.sixth keboola.in_c_a_sixth  in.c-a true ', []],
    ['plain keboola.plain plain  true ', []],
    ['third keboola.third third  true ', []],
  ]);
  expect(knowledge.map(([, title]) => title)).toEqual(expect.arrayContaining(['Filter first', 'Ask']));
  expect(knowledge).toHaveLength(2);
  expect(profiles).toEqual([['plain', '{"mean":null,"note":"NaN","top":null}', undefined]]);
  const path = join(dataDir, 'docs/data_description.md');
  expect(warnings.filter((line) => line.startsWith(path))).toEqual([
    `${path}: 3 entries are built otherwise than such entries are, and were left out.`,
    expect.stringMatching(/md has a block of YAML with a fault at line 2, column 1 of it, and that was left out\.$/),
  ]);
  expect(warnings).toContain(
    `${join(dataDir, 'corporate-memory/votes.json')} lists nothing that is known here; nothing of it was taken over.`,
  );
});

/** Tables in every shape that people write them in, beside blocks that are about something else. */
const description = String.raw`~~~YAML tables
tables:
  - id: in.c-a.first
    name: first
    primary_key: id
  - name: plain
  - {}
  - { id: " ", name: "" }
~~~

1. Those by id:

   ~~~~
   ###yaml
   tables: [{ id: in.c-a.example }]
   ###
   ~~~~

	###yaml
	tables:
	  in.c-a.second: { name: second }
	  third: {}
	  nothing:
	###

####yaml
usual: &usual { bucket: in.c-a, primary_key: [id, line], description: a }
tables:
  - <<: *usual
    id: in.c-a.fourth
    description: |
      As in
      ###
  - id: in.c-a.fifth
    primary_key: a
    primary_key: b
####

###yaml
folder_mapping: [
###

### yaml
tables: [{ id: in.c-a.sixth }]`;

test('a database counts before files that are older: what it lacks may have been removed', async () => {
  const dataDir = scratchFolder();
  await putOldState(dataDir, 9, 'delete from table_registry');
  await putOlderForms(dataDir, { ...files, 'auth/password_users.json': { ...users, 'Ann@example.com': {} } });
  const { given, report } = await takeFrom(dataDir);
  const emails = given.get('users')!.map(({ email }) => email);
  expect(emails).not.toContain('fay@example.com');
  const name = join(dataDir, 'auth/password_users.json');
  expect(report.tables).toContainEqual({ name, rows: 3, taken: 1, left: 2 });
  expect(report.leftovers).toContainEqual(
    expect.objectContaining({ table: name, reason: 'the users of the database count, without it', count: 2 }),
  );
  // It did not know these tables, so nobody read them there.
  const taken = given.get('tables')!.filter(({ id }) => String(id).startsWith('in.c-sales'));
  expect(taken.map(({ is_public: isPublic }) => isPublic)).toEqual([false, false]);
  expect(report.warnings).toContainEqual(expect.stringContaining('table_registry.json are private'));
});

const unfit: [what: string, content: string, fault: string][] = [
  ['auth/password_users.json', '{"tables": [', 'cannot be read as JSON'],
  ['auth/password_users.json', '"users"', 'is built otherwise than such files are'],
  ['auth/password_users.json', '[{"email":"eve@example.com"}]', 'is built otherwise than such files are'],
  ['auth/password_users.json', '{"eve@example.com": {"name": "\xff"}}', 'is no text in UTF-8'],
  [
    'docs/data_description.md',
    '```yaml\ntables:\n  - id: a\n  name: [\n```\n',
    'has a block of YAML with a fault at line 3, column 1 of it',
  ],
  ['corporate-memory/votes.json', 'itself', 'cannot be read (ELOOP)'],
  ['notifications/telegram_users.json', 'nothing', 'is a link to nothing'],
];

/** A link where the content names no text; bytes as they are. */
function putUnfit(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  if (content === 'itself' || content === 'nothing') symlinkSync(content === 'itself' ? path : `${path}.gone`, path);
  else writeFileSync(path, Buffer.from(content, 'latin1'));
}

test('without a database no start goes by a file that cannot be read, and once it can, it is taken over', async () => {
  const dataDir = scratchFolder();
  for (const [name, content, fault] of unfit) {
    const path = join(dataDir, name);
    putUnfit(path, content);
    const message = `${path} ${fault}: repair it, or move it away. Nothing was taken over.`;
    const check = checkUpgrade({ dataDir, clock: systemClock }, settingsFor(dataDir));
    await expect(check).rejects.toMatchObject({ code: 'UPGRADE_FILE_UNFIT', message });
    await expect(readUpgraded(dataDir, everything)).rejects.toMatchObject({ message });
    rmSync(path);
  }
  await putOlderForms(dataDir);
  expect(await readUpgraded(dataDir, everything)).toEqual(expected);
});

test('beside a database a file that cannot be read is told and left out, and so is an entry that is none', async () => {
  const dataDir = scratchFolder();
  await putOldState(dataDir, 9);
  for (const [name, content] of unfit) putUnfit(join(dataDir, name), content);
  putUnfit(join(dataDir, 'src_data/metadata/profiles.json'), '{"tables": {"odd": ["no profile"], "none": null}}');
  putUnfit(join(dataDir, 'notifications/pending_codes.json'), '{"123456": {"chat_id": 7}}');
  const { warnings, files } = (await readUpgraded(dataDir, readUpgradeReport))!;
  for (const name of new Set(unfit.map(([path]) => path))) {
    const [, , fault] = unfit.findLast(([path]) => path === name)!;
    expect(warnings).toContainEqual(expect.stringContaining(`${join(dataDir, name)} ${fault}`));
  }
  expect(warnings).toContainEqual(expect.stringContaining('profiles.json: 2 entries are built otherwise'));
  expect(files).toContainEqual(expect.stringContaining('pending_codes.json was left out'));
});
