import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RemoteDescriber } from '../../src/engine/describe-remote.ts';
import { lacksExtension } from '../../src/engine/missing-extension.ts';
import { attachmentKey, planAttachment, type RemoteSettings } from '../../src/engine/remote-attachment.ts';
import { remoteTypes, type RemoteTable, type RemoteType } from '../../src/engine/remote-type.ts';
import type { Log } from '../../src/kernel/log.ts';
import type { Catalog, StatementPool } from '../../src/engine/statement-pool.ts';
import { emptyExtension, emptyExtensionFits } from '../kit/empty-extension.ts';
import {
  createStatementWorld,
  openWatchedPool,
  outcomeOf,
  statementChildren,
  type WatchedPool,
} from './statement-world.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'agnes-attach-')));
const [lake, elsewhere, data] = ['lake', 'elsewhere', 'data'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];
const token = "tok'en-4711-of-nobody";

const settings: RemoteSettings = {
  roots: [lake],
  closed: [join(lake, 'state')],
  tokens: [{ name: 'TOY_TOKEN', host: 'toy.example.com' }],
  readEnv: (name) => ({ TOY_TOKEN: token, PATH: '/usr/bin' })[name],
  extensionFolder: join(root, 'extensions'),
  extensionRepository: null,
};

async function writeDatabase(path: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const statement of [...statements, 'CHECKPOINT']) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

function inFile(path: string, table: string, schema = 'main'): RemoteTable {
  return { type: 'duckdb', url: path, tokenEnv: null, schema, table };
}

function catalogOf(remote: RemoteTable, more: Catalog['tables'] = []): Catalog {
  const table = { sqlName: 'ext.orders', alias: null, files: [], remote: { ...remote, revision: '1' } };
  return { key: JSON.stringify([remote, more]), tables: [...more, table] };
}

async function describeRemote(remote: RemoteTable, given: RemoteSettings, log?: Log) {
  const describer = new RemoteDescriber(given, log);
  try {
    return await describer.describe(remote, { timeoutSeconds: 60, signal: new AbortController().signal });
  } finally {
    await describer.close();
  }
}

function refusalOf(remote: Partial<RemoteTable>, more: Partial<RemoteSettings> = {}): string {
  try {
    planAttachment({ ...inFile(join(lake, 'shop.duckdb'), 'orders'), ...remote }, { ...settings, ...more });
  } catch (error) {
    return (error as Error).message;
  }
  return 'allowed';
}

beforeAll(async () => {
  for (const folder of [lake, elsewhere, data, join(lake, 'state')]) mkdirSync(folder);
  const tables = [
    `CREATE TABLE orders AS SELECT 1 AS id, 'Ada' AS customer`,
    `CREATE TABLE hidden AS SELECT 'SECRET-4711' AS a`,
    `CREATE VIEW peek AS SELECT * FROM hidden`,
    `CREATE MACRO lower(x) AS (SELECT max(a) FROM hidden)`,
    `CREATE MACRO upper(x) AS (SELECT max(a) FROM hidden)`,
  ];
  for (const path of [join(lake, 'shop.duckdb'), join(lake, 'state/system.duckdb'), join(elsewhere, 'other.duckdb')]) {
    await writeDatabase(path, tables);
  }
  symlinkSync(join(elsewhere, 'other.duckdb'), join(lake, 'link.duckdb'));
  symlinkSync(elsewhere, join(lake, 'folder'));
  symlinkSync(join(lake, 'state/system.duckdb'), join(lake, 'state-link.duckdb'));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('which file may be attached', () => {
  const notAllowed = 'The file of the remote system is not below a folder that REMOTE_ATTACH_ROOTS allows.';

  test('one below an allowed folder', () => {
    expect(refusalOf({})).toBe('allowed');
  });

  test.each([
    ['by its name', () => join(elsewhere, 'other.duckdb')],
    ['by dots', () => `${lake}/../elsewhere/other.duckdb`],
    ['by a link', () => join(lake, 'link.duckdb')],
    ['by a link among the folders', () => join(lake, 'folder/other.duckdb')],
    ['in a closed folder', () => join(lake, 'state/system.duckdb')],
    ['by a link into a closed folder', () => join(lake, 'state-link.duckdb')],
    ['that is not there, elsewhere', () => join(elsewhere, 'nothing.duckdb')],
  ])('none that lies elsewhere: %s', (_how, url) => {
    expect(refusalOf({ url: url() })).toBe(notAllowed);
  });

  test('none where no folder is allowed, and nothing that is no file', () => {
    expect(refusalOf({}, { roots: [] })).toBe(notAllowed);
    expect(refusalOf({ url: lake })).toBe('The file of the remote system is not there, or cannot be reached.');
    expect(refusalOf({ url: 'shop.duckdb' })).toMatch(/must be the absolute path/);
    expect(refusalOf({ url: 'https://example.com/shop.duckdb' })).toMatch(/must be the absolute path/);
  });

  test('no view: it could read whatever else its file holds', async () => {
    await expect(describeRemote(inFile(join(lake, 'shop.duckdb'), 'peek'), settings)).rejects.toThrow(
      /has no table main.peek/,
    );
  });
});

describe('which type and which token', () => {
  const keboola = { type: 'keboola', url: 'https://toy.example.com', tokenEnv: 'TOY_TOKEN' };

  test('only types of the list, and only the variable that the operator names for that very host', () => {
    expect(refusalOf(keboola)).toBe('allowed');
    expect(refusalOf({ type: 'httpfs' })).toBe('Systems of the type "httpfs" cannot be attached.');
    expect(refusalOf({ type: 'constructor' })).toBe('Systems of the type "constructor" cannot be attached.');
    expect(refusalOf({ ...keboola, tokenEnv: 'PATH' })).toMatch(/^The variable PATH may not go to toy.example.com/);
    expect(refusalOf({ ...keboola, url: 'https://evil.example.com' })).toMatch(
      /^The variable TOY_TOKEN may not go to evil/,
    );
    expect(refusalOf({ ...keboola, url: 'https://toy.example.com:8443' })).toMatch(
      /may not go to toy.example.com:8443/,
    );
    expect(refusalOf({ ...keboola, tokenEnv: null })).toMatch(/needs a token/);
    expect(refusalOf({ type: 'bigquery', url: 'project=reports-1', tokenEnv: null })).toBe(
      'A remote system of the type bigquery needs a token; name its variable in token_env.',
    );
    expect(refusalOf(keboola, { readEnv: () => undefined })).toBe(
      'The variable TOY_TOKEN is not set; set it and start the server again.',
    );
    expect(refusalOf({ tokenEnv: 'TOY_TOKEN' })).toMatch(/takes no token/);
  });

  test.each(['http://toy.example.com', 'https://toy.example.com/?a=b', 'https://toy.example.com/x', 'toy.example.com'])(
    'no address that is more than the https address of a stack: %s',
    (url) => {
      expect(refusalOf({ ...keboola, url })).toMatch(/must be the https address of a Keboola stack/);
    },
  );

  test('quotes every identifier and every value', () => {
    const names = { catalog: 'a "b', secret: 's "t' };
    const statements = (type: string, url: string) => remoteTypes[type]!.statements({ url, token, names });
    expect(statements('duckdb', "/data/o'clock.duckdb")).toEqual([
      `ATTACH '/data/o''clock.duckdb' AS "a ""b" (TYPE duckdb, READ_ONLY)`,
    ]);
    expect(statements('keboola', 'https://toy.example.com')).toEqual([
      `CREATE SECRET "s ""t" (TYPE keboola, TOKEN 'tok''en-4711-of-nobody', URL 'https://toy.example.com')`,
      `ATTACH '' AS "a ""b" (TYPE keboola, SECRET "s ""t", READ_ONLY)`,
    ]);
    expect(statements('bigquery', 'project=reports-1')).toEqual([
      `CREATE SECRET "s ""t" (TYPE bigquery, SCOPE 'bq://reports-1', SERVICE_ACCOUNT_JSON 'tok''en-4711-of-nobody')`,
      `ATTACH 'project=reports-1' AS "a ""b" (TYPE bigquery, READ_ONLY)`,
    ]);
  });
});

test('each type that needs an extension is attached by statements that DuckDB reads and that lack nothing but it', async () => {
  const instance = await DuckDBInstance.create(':memory:', {
    extension_directory: join(root, 'no-extensions'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const urls: Record<string, string> = { keboola: 'https://toy.example.com', bigquery: 'project=reports-1' };
  const extended = Object.entries(remoteTypes).filter(([, { extension }]) => extension !== null);
  expect(extended.map(([type]) => type).toSorted()).toEqual(Object.keys(urls).toSorted());
  for (const [type, { statements }] of extended) {
    const texts = statements({ url: urls[type]!, token, names: { catalog: 'a "b', secret: 's "t' } });
    const faults: string[] = [];
    for (const text of texts) {
      expect((await connection.extractStatements(text)).count).toBe(1);
      faults.push(await connection.run(text).then(String, (error: Error) => error.message));
    }
    expect(faults).toEqual([
      expect.stringContaining(`Secret type '${type}' not found`),
      expect.stringMatching(new RegExp(`Extension ".*/${type}\\.duckdb_extension" not found`)),
    ]);
    // The secret stands in the statement that makes it one and in no other, and in nothing that DuckDB says of them.
    expect(texts.slice(1).join() + faults.join()).not.toContain('4711');
  }
  connection.closeSync();
  instance.closeSync();
});

describe('a statement over a remote table', () => {
  let pool: WatchedPool;
  let catalog: Catalog;
  beforeAll(() => {
    pool = openWatchedPool({ size: 1, remotes: settings });
    catalog = catalogOf(inFile(join(lake, 'shop.duckdb'), 'orders'));
  });
  afterAll(() => pool.close());

  test('reads it, and a file that is replaced is read at once', async () => {
    const path = join(lake, 'replaced.duckdb');
    const replaced = catalogOf(inFile(path, 'orders'));
    await writeDatabase(path, ['CREATE TABLE orders AS SELECT 1 AS id']);
    const statement = 'SELECT * FROM ext.orders';
    expect((await pool.run({ catalog: replaced, statement, limit: 5 })).rows).toEqual([[1]]);
    await writeDatabase(path, ["ALTER TABLE orders ADD COLUMN name VARCHAR DEFAULT 'new'"]);
    expect((await pool.run({ catalog: replaced, statement, limit: 5 })).rows).toEqual([[1, 'new']]);
    rmSync(path);
    const { failure } = await outcomeOf(pool, { catalog: replaced, statement, limit: 5 });
    expect(failure).toMatchObject({ code: 'REMOTE_UNAVAILABLE', sqlNames: ['ext.orders'] });
    expect(failure?.message).not.toContain(root);
    await writeDatabase(path, ['CREATE TABLE orders AS SELECT 3 AS id']);
    expect((await pool.run({ catalog: replaced, statement, limit: 5 })).rows).toEqual([[3]]);
  });

  test('is stopped when its time is over, like any other', async () => {
    // Long, and small: larger ranges would come to the limit of memory first.
    const statement = 'SELECT sum(hash(x + y) % 7) FROM ext.orders, range(100000) AS a(x), range(1000000) AS b(y)';
    const { failure } = await outcomeOf(pool, { catalog, statement, limit: 1, timeoutSeconds: 1 } as never);
    expect(failure?.code).toBe('STATEMENT_TIMEOUT');
  });

  test('reaches nothing else of its system, by no name that the system or the attachment has', async () => {
    const attached = `"agnes remote ${attachmentKey(inFile(join(lake, 'shop.duckdb'), ''))}"`;
    const statements = [
      `SELECT * FROM ${attached}.main.hidden`,
      `SELECT * FROM ${attached}.hidden`,
      `SELECT ${attached}.main.lower(customer) FROM ext.orders`,
      `SELECT ${attached}.lower(customer) FROM ext.orders`,
      `SELECT ${attached.toUpperCase()}.lower(customer) FROM ext.orders`,
      `SELECT ${attached}.hidden.a FROM ext.orders`,
      `SELECT * FROM ext.orders, hidden`,
      `SELECT * FROM ext.orders, main.hidden`,
      `SELECT * FROM ext.orders, ext.hidden`,
      `SELECT * FROM ext.orders, query_table('hidden')`,
      `SELECT * FROM ext.orders, duckdb_secrets()`,
      `SELECT * FROM ext.orders, duckdb_databases()`,
      `SELECT getvariable('x') FROM ext.orders`,
      `SELECT * FROM ext.orders; SELECT 1`,
      `SELECT * FROM ext.orders, '${join(lake, 'shop.duckdb')}'`,
      `ATTACH '${join(lake, 'shop.duckdb')}' AS more`,
      `DETACH ${attached}`,
      `DELETE FROM ext.orders`,
    ];
    for (const statement of statements) {
      const { result, failure } = await outcomeOf(pool, { catalog, statement, limit: 10 });
      expect({ statement, result, refused: failure && /^STATEMENT_(REFUSED|FAILED)$/.test(failure.code) }).toEqual({
        statement,
        result: undefined,
        refused: true,
      });
      expect(failure!.message).not.toContain('SECRET-4711');
    }
    const { rows } = await pool.run({
      catalog,
      statement: 'SELECT lower(customer), upper(customer) FROM ext.orders',
      limit: 1,
    });
    expect(rows).toEqual([['ada', 'ADA']]);
  });
});

test('no statement of the list of attacks gets further where a remote table is read in the same statement', async () => {
  const world = await createStatementWorld();
  const pool = openWatchedPool({ size: 1, remotes: { ...settings, roots: [...settings.roots, world.allowed] } });
  const { statements } = JSON.parse(readFileSync(new URL('fixtures/sql-attacks.json', import.meta.url), 'utf8')) as {
    statements: string[];
  };
  const catalog = catalogOf(inFile(join(lake, 'shop.duckdb'), 'orders'), world.catalog.tables);
  const before = world.fingerprint();
  try {
    const passed: string[] = [];
    for (const attack of statements.filter((text) => /^\s*(select|from|table|values|pivot|unpivot)\b/i.test(text))) {
      const { allowed, secret, scratch } = world;
      const aimed = attack
        .replaceAll('{allowed}', allowed)
        .replaceAll('{secret}', secret)
        .replaceAll('{data}', world.data)
        .replaceAll('{tmp}', scratch);
      const statement = `WITH remote AS (SELECT * FROM ext.orders) ${aimed}`;
      const { result, failure } = await outcomeOf(pool, { catalog, statement, limit: 100 });
      if (result) passed.push(attack);
      else expect(['STATEMENT_REFUSED', 'STATEMENT_FAILED']).toContain(failure?.code);
      expect(JSON.stringify(result ?? failure?.message)).not.toMatch(/SECRET-4711|987654321|root:/);
    }
    expect(passed.toSorted()).toEqual(
      [
        'select count(*) from orders',
        'select count(*) from orders_rls',
        "from orders_rls where region='r1' or 1=1 -- ",
        'select hash(1)',
        "select parse_path('/etc/passwd')",
      ].toSorted(),
    );
    expect(world.fingerprint()).toEqual(before);
    expect(pool.logged).toEqual([]);
  } finally {
    await pool.close();
    world.remove();
  }
});

describe.skipIf(!emptyExtensionFits)('a type that an extension brings, served by a repository of the operator', () => {
  const asked: string[] = [];
  const logged: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void logged.push(line) });
  let served = false;
  let repository: Server;
  let pool: StatementPool;
  let toySettings: RemoteSettings;
  const remote: RemoteTable = {
    type: 'toy',
    url: 'toy.example.com',
    tokenEnv: 'TOY_TOKEN',
    schema: 'main',
    table: 'orders',
  };
  /** Needs an extension and a secret, and then is one of DuckDB's own files. */
  const toy: RemoteType = {
    extension: { name: 'toy', publisher: 'community' },
    faultOf: () => null,
    fileOf: () => null,
    hostOf: (url) => url.split('/')[0]!,
    statements: ({ url, token: secret, names }) => [
      `CREATE SECRET "${names.secret}" (TYPE http, BEARER_TOKEN '${secret.replaceAll("'", "''")}', SCOPE 'https://${url}')`,
      url.endsWith('/broken')
        ? `ATTACH '/nowhere/${secret.replaceAll("'", "''")}' AS "${names.catalog}" (TYPE duckdb, READ_ONLY)`
        : `ATTACH '${join(lake, 'shop.duckdb')}' AS "${names.catalog}" (TYPE duckdb, READ_ONLY)`,
    ],
  };

  beforeAll(async () => {
    repository = createServer((request, response) => {
      asked.push(request.url!);
      response.statusCode = served ? 200 : 404;
      response.end(served ? emptyExtension() : 'nothing here');
    });
    await new Promise<void>((resolve) => repository.listen(0, '127.0.0.1', resolve));
    const { port } = repository.address() as AddressInfo;
    toySettings = { ...settings, extensionRepository: `http://127.0.0.1:${port}/repo`, unsigned: { types: { toy } } };
    pool = openWatchedPool({ size: 1, remotes: toySettings });
  });
  afterAll(async () => {
    await pool.close();
    await new Promise((resolve) => repository.close(resolve));
  });

  test('is a clear failure while the extension is not there, and is installed by the sync after it is', async () => {
    await expect(describeRemote(remote, toySettings, log)).rejects.toThrow(
      'The extension toy is not installed and cannot be fetched; see DUCKDB_EXTENSION_REPOSITORY.',
    );
    const statement = 'SELECT * FROM ext.orders';
    expect((await outcomeOf(pool, { catalog: catalogOf(remote), statement, limit: 1 })).failure?.code).toBe(
      'REMOTE_UNAVAILABLE',
    );
    served = true;
    asked.length = 0;
    expect(lacksExtension('toy', toySettings)).toBe(true);
    expect(await describeRemote(remote, toySettings, log)).toEqual([
      { name: 'id', type: 'INTEGER' },
      { name: 'customer', type: 'VARCHAR' },
    ]);
    expect([lacksExtension('toy', toySettings), lacksExtension('duckdb', toySettings)]).toEqual([false, false]);
    expect(asked).toEqual([expect.stringMatching(/^\/repo\/v[\d.]+\/linux_amd64\/toy\.duckdb_extension\.gz$/)]);
  });

  test('is loaded by statements from where it was installed, and fetched by none', async () => {
    asked.length = 0;
    const catalog = catalogOf(remote);
    for (const statement of ['SELECT id FROM ext.orders', 'SELECT customer FROM ext.orders', 'SELECT 1']) {
      await pool.run({ catalog, statement, limit: 1 });
    }
    expect(asked).toEqual([]);
  });

  test('its token stands in no argument, no environment, no log, no failure and no file', async () => {
    const broken = { ...remote, url: 'toy.example.com/broken' };
    await expect(describeRemote(broken, toySettings, log)).rejects.toThrow(
      /^The remote system of main.orders does not answer/,
    );
    const { failure } = await outcomeOf(pool, {
      catalog: catalogOf(broken),
      statement: 'SELECT * FROM ext.orders',
      limit: 1,
    });
    expect(failure?.code).toBe('REMOTE_UNAVAILABLE');
    expect(failure?.detail).toContain('/nowhere/…');
    expect(logged.length).toBeGreaterThan(0);
    const processes = statementChildren().flatMap(({ pid }) =>
      ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8')),
    );
    expect(processes.length).toBeGreaterThan(0);
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    const told = [failure?.message, failure?.detail, ...logged, ...processes, ...files].join('\n');
    expect(told).not.toContain('en-4711-of-nobody');
  });

  test('is not loaded when nobody has signed it, outside of tests', async () => {
    const instance = await DuckDBInstance.create(':memory:', { extension_directory: settings.extensionFolder });
    const connection = await instance.connect();
    await expect(connection.run('LOAD toy')).rejects.toThrow(/signature/);
    connection.closeSync();
    instance.closeSync();
  });
});
