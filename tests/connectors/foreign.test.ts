import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connectors } from '../../connectors/index.generated.ts';
import { createSource } from '../../src/registry/create-source.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import { withForeignConnectors } from '../../src/server/foreign-connectors.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import { foreignSource, writeForeignConnector } from '../kit/foreign-connector.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { ask, startTestServer } from '../kit/server.ts';

test('a connector in CONNECTORS_DIR syncs a table of several files, and reads of the environment what it declares', async () => {
  const folder = scratchFolder();
  writeForeignConnector(folder, 'letters');
  const environment = { CONNECTORS_DIR: folder, LETTERS_TOKEN: 'token-1', DATABASE_URL: '' };
  const server = await startTestServer({ environment });
  try {
    const admin = await server.person('ada', ['core.admin']);
    await server.run(createSource, { name: 'post', connector: 'letters', config: { word: 'hello' } });
    // The first two parts are equal, and the third has a column of its own.
    const parts = ['id,text\n1,WORD\n', 'id,text\n1,WORD\n', 'seen,id\nSEEN,2\n'];
    const table = await server.run(registerTable, { source: 'post', name: 'letters', options: { parts } });
    const sync = async () => {
      await server.run(startSync, { source: 'post' });
      await server.open.syncRunner.idle();
    };
    const read = (query: string) => ask(server, { as: admin, query });
    await sync();
    const sql = `{ sql(statement: "SELECT id, text, seen FROM post.letters ORDER BY id") { rows } }`;
    const rows = [
      ['1', 'hello', null],
      ['1', 'hello', null],
      ['2', null, 'token-1//'],
    ];
    expect((await read(sql)).data.sql.rows).toEqual(rows);
    const state = '{ tables { edges { node { columns { name } files { rows } syncState { status rows error } } } } }';
    const [{ node }] = (await read(state)).data.tables.edges;
    expect(node).toMatchObject({
      columns: [{ name: 'id' }, { name: 'text' }, { name: 'seen' }],
      files: [{ rows: '1' }, { rows: '1' }, { rows: '1' }],
      syncState: { status: 'OK', rows: '3', error: null },
    });
    const extract = join(server.dataDir, 'extracts/post/extract.duckdb');
    expect(await readRows('SELECT count(*) AS n, count(seen) AS seen FROM letters', extract)).toEqual([
      { n: '3', seen: '1' },
    ]);

    const contradiction = { ...table, options: { parts: ['id,text\n1,x\n', 'id,text\nx,1\n'] } };
    await server.open.services.store.write(async (tx) => {
      await tx.db
        .updateTable('tables')
        .set({ options: JSON.stringify(contradiction.options) })
        .where('id', '=', table.id)
        .execute();
      tx.emit('table', { op: 'put', row: contradiction });
    });
    await sync();
    const [failed] = (await read(state)).data.tables.edges;
    expect(failed.node.syncState).toEqual({
      status: 'FAILED',
      rows: '3',
      error: 'The column "id" is VARCHAR in part 2, but BIGINT in part 1; write it with one type.',
    });
    expect((await read(sql)).data.sql.rows).toEqual(rows);
    expect(existsSync(join(server.dataDir, 'extracts/post/.staging'))).toBe(true);
  } finally {
    await server.close();
  }
});

/** The connector of letters with one more of the optional parts of the contract. */
function withPart(part: string): string {
  return foreignSource.replace("kind: 'letters',", `kind: 'letters',\n  ${part},`);
}

describe('a connector that cannot be used stops the start', () => {
  const load = (folder: string) => withForeignConnectors(connectors, folder);

  test.each([
    ['no syntax', 'export const connector = {', /cannot be loaded: /],
    ['an error at its top', "throw new Error('two\\nlines')", /cannot be loaded: two lines$/],
    ['a package that is not there', "import 'not-there';", /cannot be loaded: .*not-there/],
    ['another export', 'export default {};', /connector\.js: it exports no `connector`\.$/],
    ['no object', 'export const connector = 1;', /connector\.js: connector: must be an object$/],
    ['a bad kind', foreignSource.replace("'letters'", "'Letters'"), /connector\.kind: must be a lower-case letter/],
    [
      'the kind of a built-in one',
      foreignSource.replace("'letters'", "'files'"),
      /the kind "files" is that of a connector that ships/,
    ],
    ['no function', foreignSource.replace('async check', 'async verify'), /connector\.check: must be a function$/],
    [
      'no schema',
      foreignSource.replace('z.strictObject({ word: z.string() })', '{ word: 1 }'),
      /connector\.sourceConfig: must be a zod schema$/,
    ],
    [
      'a variable of Agnes',
      foreignSource.replace("'LETTERS_TOKEN'", "'DATABASE_URL'"),
      /connector\.environment\.0: is a variable of Agnes itself/,
    ],
    ['statements that are none', withPart('statements: true'), /connector\.statements: must be an object$/],
    [
      'statements without estimate',
      withPart('statements: { run() {} }'),
      /connector\.statements\.estimate: must be a function$/,
    ],
    [
      'statements without run',
      withPart('statements: { estimate() {} }'),
      /connector\.statements\.run: must be a function$/,
    ],
    [
      'a statement of a table that is text',
      withPart("statements: { estimate() {}, run() {}, tableStatement: 'SELECT 1' }"),
      /connector\.statements\.tableStatement: must be a function$/,
    ],
    ['a webhook that is none', withPart('webhook() {}'), /connector\.webhook: must be an object$/],
    ['a webhook that receives nothing', withPart('webhook: {}'), /connector\.webhook\.receive: must be a function$/],
    ['a gather that is none', withPart('gather: {}'), /connector\.gather: must be a function$/],
    ['a list of tasks', withPart('tasks: []'), /connector\.tasks: must be a function$/],
    ['incremental as text', withPart("incremental: 'yes'"), /connector\.incremental: must be true or false$/],
    ['one secret', withPart("secrets: 'LETTERS_TOKEN'"), /connector\.secrets: must be a list of names/],
    [
      'a secret that it may not read',
      withPart("secrets: ['LETTERS_TOKEN', 'DATABASE_URL']"),
      /connector\.secrets\.1: must be one of the names in environment$/,
    ],
    [
      'a prefix that is none',
      withPart("environmentPrefix: 'letters'"),
      /connector\.environmentPrefix: must be capital/,
    ],
    [
      'a prefix of Agnes',
      withPart("environmentPrefix: 'DATABASE_'"),
      /connector\.environmentPrefix: is how variables of Agnes/,
    ],
  ])('for %s, naming its file', async (_, source, message) => {
    const folder = scratchFolder();
    const file = writeForeignConnector(folder, 'broken', source);
    await expect(load(folder)).rejects.toMatchObject({
      code: 'INVALID_CONFIGURATION',
      message: expect.stringMatching(message),
    });
    await expect(load(folder)).rejects.toThrow(file);
  });

  test('telling all faults of all at once', async () => {
    const folder = scratchFolder();
    writeForeignConnector(folder, 'a', 'export const connector = { kind: 1 };');
    writeForeignConnector(folder, 'b');
    const second = writeForeignConnector(folder, 'c');
    mkdirSync(join(folder, 'd'));
    writeFileSync(join(folder, 'README.md'), '');
    const message = await load(folder).catch((error: Error) => error.message);
    expect(String(message).split('\n')).toEqual([
      'Connectors in CONNECTORS_DIR cannot be used:',
      `  - ${join(folder, 'a/connector.js')}: connector.kind: must be text`,
      ...['displayName', 'description'].map(
        (key) => `  - ${join(folder, 'a/connector.js')}: connector.${key}: must be text`,
      ),
      `  - ${join(folder, 'a/connector.js')}: connector.environment: must be a list of names of variables`,
      ...['sourceConfig', 'tableOptions'].map(
        (key) => `  - ${join(folder, 'a/connector.js')}: connector.${key}: must be a zod schema`,
      ),
      ...['check', 'discover', 'extract'].map(
        (key) => `  - ${join(folder, 'a/connector.js')}: connector.${key}: must be a function`,
      ),
      `  - ${second}: the kind "letters" is that of ${join(folder, 'b/connector.js')}; choose another.`,
      `  - ${join(folder, 'd/connector.js')}: there is no such file; build the connector, or remove its folder.`,
    ]);
  });

  test('for a folder that is not there', async () => {
    await expect(load(join(scratchFolder(), 'gone'))).rejects.toThrow(/^CONNECTORS_DIR: .*gone cannot be read/);
  });

  test('and an empty one is none', async () => {
    expect(await load(scratchFolder())).toEqual(connectors);
  });
});
