import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { revokeRole } from '../../../src/access/revoke-role.ts';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { readConfig } from '../../../src/kernel/config.ts';
import { createLog } from '../../../src/kernel/log.ts';
import { moveState, restoreBackup } from '../../../src/server/bring-state.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { copyState } from '../../../src/store/copy/copy-state.ts';
import { backupLines } from '../../../src/store/copy/backup-file.ts';
import { readSchemaVersion, readState } from '../../../src/store/copy/read-state.ts';
import { describeTables, type TablePage } from '../../../src/store/copy/tables.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { da, program } from '../../cli/run-da.ts';
import { createDatabase, postgresMissing } from '../../kit/postgres.ts';
import { scratchFolder } from '../../kit/scratch-folder.ts';
import { ask, credentialHeaders, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { startProgram } from '../../programs/program.ts';
import { mutate } from '../mutate.ts';

const hostile = `quo"te 'and' \\ back\u2028line\r\n\t<b> 🦆 \u202e`;

let server: TestServer;
let admin: TestPerson;
let folder: string;
let backup: string;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.person('admin', ['core.admin']);
  await server.registerFile('orders', 'id\n1\n2\n');
  await server.sync();
  await server.open.services.store.write(async ({ db, at }) => {
    const people = Array.from({ length: 2_500 }, (_, index) => ({
      id: `person-${index}`,
      email: `person-${index}@example.com`,
      name: index === 7 ? hostile : null,
      active: index % 2 === 0,
      created_at: at,
    }));
    await db.insertInto('users').values(people).execute();
  });
  folder = server.dataDir;
  // Whoever it is, nobody reads its first byte.
  symlinkSync('/proc/self/mem', join(folder, 'unreadable'));
  backup = join(folder, 'files', 'agnes.backup.gz');
  expect(await backUp(admin, backup)).toMatchObject({ code: 0 });
}, 60_000);

afterAll(() => server.close());

function backUp(person: TestPerson, output: string, ...words: string[]) {
  const env = { DA_SERVER: server.url, DA_TOKEN: person.token, XDG_CONFIG_HOME: join(folder, 'config') };
  return da(['admin', 'backup', '--output', output, ...words], { env });
}

/** Every row of a state, as text, by table. */
async function contentOf(store: Store): Promise<Record<string, string[]>> {
  const content: Record<string, string[]> = {};
  for await (const { table, rows } of readState(store)) {
    content[table] = [...(content[table] ?? []), ...rows.map((row) => JSON.stringify(row))];
  }
  return Object.fromEntries(Object.entries(content).map(([table, rows]) => [table, rows.toSorted()]));
}

/** What the backup holds, by table. */
function contentOfBackup(): Record<string, string[]> {
  const content: Record<string, string[]> = {};
  for (const line of gunzipSync(readFileSync(backup)).toString().split('\n')) {
    const { table, row } = (line === '' ? {} : JSON.parse(line)) as { table?: string; row?: object };
    if (table) (content[table] ??= []).push(JSON.stringify(row));
  }
  return Object.fromEntries(Object.entries(content).map(([table, rows]) => [table, rows.toSorted()]));
}

async function contentAt(dataDir: string, databaseUrl?: string): Promise<Record<string, string[]>> {
  const store = await openStore({ dataDir, databaseUrl, clock: systemClock });
  try {
    return await contentOf(store);
  } finally {
    await store.close();
  }
}

/** What `npm start -- <words>` does. */
async function npmStart(environment: Record<string, string>, ...words: string[]) {
  const running = startProgram('server', { LOG_LEVEL: 'silent', PORT: '0', ...environment }, words);
  const code = await running.ended;
  return { code, printed: running.printed() };
}

/** The same in this process, without the cost of another; resolves to what is told, or to the failure. */
async function bring(environment: Record<string, string>, option: '--restore' | '--move-state', from: string) {
  const lines: string[] = [];
  const given = { config: readConfig(environment), log: createLog('silent'), tell: (line: string) => lines.push(line) };
  return (option === '--restore' ? restoreBackup : moveState)(from, given).then(
    () => lines.join('\n'),
    (error: Error) => error.message,
  );
}

/** The address of a program that answers so until the test has finished. */
async function serveOnce(answer: RequestListener): Promise<string> {
  const other = createServer(answer);
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
}

describe('a backup', () => {
  test('is taken while the server goes on, told in one line, audited, and holds nothing of a later change', async () => {
    const reading = readState(server.open.services.store);
    const first = await reading.next();
    const late = await server.person('late', []);
    let text = JSON.stringify(first.value);
    for await (const page of reading) text += JSON.stringify(page);
    expect(text).toContain('person-2499');
    expect(text).not.toContain(late.id);
    const path = join(scratchFolder(), 'again.backup.gz');
    const { code, stdout, stderr } = await backUp(admin, path, '--json');
    expect([code, stderr]).toEqual([
      0,
      'The server could not read unreadable (EIO); the backup knows no more of it.\n',
    ]);
    const counts = { rows: expect.any(Number), files: expect.any(Number), unreadable: 1 };
    expect(JSON.parse(stdout)).toEqual({ file: path, ...counts });
    const [event] = await listAuditEvents(server.open.services.store, { limit: 1, action: 'backup.taken' });
    expect(event).toMatchObject({ actor: admin.email, details: { address: '127.0.0.1' } });
  });

  test('is given to a whole administrator only', async () => {
    const viewer = await server.person('viewer', ['core.km_admin']);
    const former = await server.person('former', ['core.admin']);
    const [grant] = server.open.services.accessIndex
      .grantsByRole('core.admin')
      .filter((one) => one.userId === former.id);
    await server.run(revokeRole, { grantId: grant!.id });
    const narrowed = await mutate(
      server,
      { session: admin.session },
      { field: 'createToken', input: { name: 'reads', readOnly: true }, payload: 'secret' },
    );
    const limited = await mutate(
      server,
      { session: admin.session },
      { field: 'createToken', input: { name: 'admin only', roleKeys: ['core.admin'] }, payload: 'secret' },
    );
    const get = async (shown: Parameters<typeof credentialHeaders>[1], headers = {}) =>
      (await fetch(`${server.url}/backup`, { headers: { ...credentialHeaders(server.url, shown), ...headers } }))
        .status;
    expect(await get(null)).toBe(401);
    expect(await get({ token: 'agnes_pat_nonsense' })).toBe(401);
    expect(await get({ session: admin.session }, { Origin: 'https://evil.example.com' })).toBe(401);
    for (const token of [viewer.token, former.token, narrowed.secret, limited.secret]) {
      expect(await get({ token })).toBe(403);
    }
    expect((await fetch(`${server.url}/backup`, { method: 'POST' })).status).toBe(405);
    const path = join(scratchFolder(), 'none.gz');
    expect(await backUp(viewer, path)).toMatchObject({ code: 4, stdout: '' });
    expect(existsSync(path)).toBe(false);
  });

  test('takes the place of a regular file alone, and asks nothing of the server for another', async () => {
    const place = scratchFolder();
    const link = join(place, 'link');
    symlinkSync('/dev/null', link);
    const taken = () => listAuditEvents(server.open.services.store, { limit: 1, action: 'backup.taken' });
    const before = await taken();
    for (const output of [place, link]) {
      const { code, stderr } = await backUp(admin, output);
      expect([code, stderr]).toEqual([1, `${output} is there and is no regular file; name another --output.\n`]);
    }
    expect(await taken()).toEqual(before);
    expect([readdirSync(place), lstatSync(link).isSymbolicLink()]).toEqual([['link'], true]);
  });

  test('that breaks off leaves what was there, and says who broke it off: the server, or this disk', async () => {
    const output = join(scratchFolder(), 'keep.gz');
    writeFileSync(output, 'kept');
    const address = await serveOnce((request, response) => {
      if (request.url !== '/backup') return void response.writeHead(404).end();
      response.write(readFileSync(backup).subarray(0, 2_000), () => response.destroy());
    });
    const env = { DA_SERVER: address, DA_TOKEN: admin.token };
    const broken = await da(['admin', 'backup', '--output', output], { env });
    expect([broken.code, broken.stderr]).toEqual([1, `${address} broke the backup off; take it again.\n`]);
    const words = [process.execPath, program, 'admin', 'backup', '--output', output];
    // A file may grow to four thousand bytes here.
    const full = promisify(execFile)('sh', ['-c', 'ulimit -f 8; exec "$@"', 'sh', ...words], {
      env: { ...env, DA_SERVER: server.url, XDG_CONFIG_HOME: join(folder, 'config') },
    });
    await expect(full).rejects.toMatchObject({ code: 1, stderr: `${output} cannot be written (EFBIG).\n` });
    expect(readdirSync(join(output, '..'))).toEqual(['keep.gz']);
    expect(readFileSync(output, 'utf8')).toBe('kept');
  });

  test('names every file beside it with its hash, and neither the state itself nor a lock', () => {
    const lines = gunzipSync(readFileSync(backup))
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('{"file"'));
    const files = lines.map((line) => (JSON.parse(line) as { file: { path: string } }).file.path);
    expect(files).toContain('extracts/shop/extract.duckdb');
    expect(files.some((path) => /^extracts\/shop\/data\/orders\/[0-9a-f]{64}\.parquet$/.test(path))).toBe(true);
    expect(files.filter((path) => path.startsWith('state/system') || path.endsWith('.lock'))).toEqual([]);
  });

  test('every table of the state has a key by which it is read in order', async () => {
    const tables = await describeTables(server.open.services.store.db);
    expect(tables.filter(({ key }) => key.length === 0)).toEqual([]);
    expect(tables.length).toBeGreaterThan(25);
  });
});

describe('a restored state', () => {
  test('in DuckDB is the same row by row, and the server goes on with it; files that are missing are named', async () => {
    const dataDir = scratchFolder();
    for (const name of ['files', 'extracts']) cpSync(join(folder, name), join(dataDir, name), { recursive: true });
    rmSync(join(dataDir, 'extracts/shop/extract.duckdb'));
    const rows = join(dataDir, 'extracts/shop/data/orders');
    const [parquet] = readdirSync(rows).filter((name) => name.endsWith('.parquet'));
    writeFileSync(join(rows, parquet!), readFileSync(join(rows, parquet!)).fill(0, 50, 60));
    const { code, printed } = await npmStart({ DATA_DIR: dataDir }, '--restore', backup);
    expect([code, printed]).toEqual([0, expect.stringMatching(/^Restored \d+ rows of \d+ tables as of 20/)]);
    expect(printed).toContain('missing: extracts/shop/extract.duckdb (');
    expect(printed.match(/^another: .*/gm)).toEqual([`another: extracts/shop/data/orders/${parquet}`]);
    expect(printed).toContain('could not be read when the backup was taken: unreadable (EIO)');
    expect(await contentAt(dataDir)).toEqual(contentOfBackup());
    const again = await npmStart({ DATA_DIR: dataDir }, '--restore', backup);
    expect([again.code, again.printed]).toEqual([1, expect.stringContaining('is not empty')]);
    rmSync(join(dataDir, 'extracts'), { recursive: true });
    cpSync(join(folder, 'extracts'), join(dataDir, 'extracts'), { recursive: true });
    const restored = await startTestServer({ dataDir });
    try {
      const query = '{ viewer { email } sql(statement: "SELECT sum(id) FROM shop.orders") { rows } }';
      const { data } = await ask(restored, { as: { token: admin.token }, query });
      expect(data).toEqual({ viewer: { email: admin.email }, sql: { rows: [['3']] } });
    } finally {
      await restored.stop();
    }
  }, 60_000);

  test.skipIf(postgresMissing)(
    'in PostgreSQL is the same row by row, and so is a state that moves there',
    async () => {
      const restored = await createDatabase();
      const dataDir = scratchFolder();
      expect(await bring({ DATA_DIR: dataDir, DATABASE_URL: restored }, '--restore', backup)).toContain('was compared');
      expect(await contentAt(dataDir, restored)).toEqual(contentOfBackup());

      const source = scratchFolder();
      await bring({ DATA_DIR: source }, '--restore', backup);
      const moved = await createDatabase();
      const move = await npmStart({ DATA_DIR: source }, '--move-state', moved);
      expect([move.code, move.printed]).toEqual([
        0,
        expect.stringMatching(/^Moved \d+ rows of \d+ tables into PostgreSQL/),
      ]);
      expect(await contentAt(source, moved)).toEqual(contentOfBackup());
      expect(await contentAt(source)).toEqual(contentOfBackup());
      expect(await bring({ DATA_DIR: source }, '--move-state', moved)).toContain('is not empty');
      expect(await bring({ DATA_DIR: folder }, '--move-state', moved)).toContain('is in use by this process');
      expect(await bring({ DATA_DIR: scratchFolder() }, '--move-state', moved)).toContain('There is no state');
      for (const text of ['nowhere', 'mysql://db.example.com/x', '']) {
        expect(await bring({ DATA_DIR: source }, '--move-state', text)).toMatch(/^--move-state: Write the URL of/);
      }
    },
    60_000,
  );

  test('a backup that is cut, changed, newer or none at all is one sentence, and nothing is changed', async () => {
    const place = scratchFolder();
    const whole = gunzipSync(readFileSync(backup)).toString();
    const [header, ...rest] = whole.split('\n');
    const newer = JSON.stringify({ ...(JSON.parse(header!) as object), schemaVersion: 9999 });
    const sealed = [newer, ...rest].join('\n');
    const faults: [string, Buffer, string][] = [
      ['cut', readFileSync(backup).subarray(0, -200), 'cannot be read as a backup'],
      ['shorter', gzipSync(`${whole.split('\n').slice(0, -2).join('\n')}\n`), 'is not a whole backup'],
      ['changed', gzipSync(whole.replace('person-3@example.com', 'person-x@example.com')), 'is not a whole backup'],
      ['newer', gzipSync(resealed(sealed)), 'schema version 9999'],
      ['other', Buffer.from('PAR1'), 'cannot be read as a backup'],
      ['nothing', gzipSync('null\n'), 'is not a whole backup'],
    ];
    for (const [name, content, sentence] of faults) {
      writeFileSync(join(place, name), content);
      const dataDir = join(place, `${name}-data`);
      expect(await bring({ DATA_DIR: dataDir }, '--restore', join(place, name)), name).toContain(sentence);
      expect(existsSync(join(dataDir, 'state/system.duckdb')), name).toBe(false);
    }
  }, 60_000);

  test('a backup of an older version is brought to this one by the next start', async () => {
    const older = await openOlder({ dataDir: scratchFolder() });
    const header = { backup: 1 as const, version: '0.0.1', schemaVersion: 32, takenAt: '2026-01-01T00:00:00Z' };
    const lines: string[] = [];
    for await (const piece of backupLines({ header, pages: readState(older), files: noFiles() })) lines.push(piece);
    const wanted = await contentOf(older);
    await older.close();
    const path = join(scratchFolder(), 'older');
    writeFileSync(path, gzipSync(lines.join('')));
    const dataDir = scratchFolder();
    // What a restore leaves that was killed.
    await (await openStore({ dataDir, clock: systemClock, upTo: 32 })).close();
    expect(await bring({ DATA_DIR: dataDir }, '--restore', path)).toContain('Restored 1 rows');
    expect(await contentAt(dataDir)).toEqual(wanted);
    const newer = scratchFolder();
    await (await openStore({ dataDir: newer, clock: systemClock, upTo: 33 })).close();
    expect(await bring({ DATA_DIR: newer }, '--restore', path)).toContain(
      'has tables of schema version 33, and what is',
    );
  });

  test.skipIf(postgresMissing)(
    'a used state of an older version is left as it is, whether it is to be filled or moved',
    async () => {
      const dataDir = scratchFolder();
      const file = join(dataDir, 'state/system.duckdb');
      const older = await openOlder({ dataDir });
      const wanted = await contentOf(older);
      await older.close();
      const before = readFileSync(file);
      expect(await bring({ DATA_DIR: dataDir }, '--restore', backup)).toContain('is not empty (users has rows)');
      const databaseUrl = await createDatabase();
      expect(await bring({ DATA_DIR: dataDir }, '--move-state', databaseUrl)).toContain('Moved 1 rows');
      expect(readFileSync(file).equals(before)).toBe(true);
      expect(readdirSync(join(dataDir, 'state'))).toEqual(['system.duckdb']);

      const given = { DATA_DIR: scratchFolder(), DATABASE_URL: databaseUrl };
      expect(await bring(given, '--restore', backup)).toContain('is not empty (users has rows)');
      expect(await bring({ DATA_DIR: dataDir }, '--move-state', databaseUrl)).toContain(
        'is not empty (users has rows)',
      );
      const moved = await openStore({ dataDir, databaseUrl, clock: systemClock, upTo: 32 });
      expect([await readSchemaVersion(moved), await contentOf(moved)]).toEqual([32, wanted]);
      await moved.close();
    },
  );

  test('two options at once are one sentence, and neither is done', async () => {
    const dataDir = join(scratchFolder(), 'data');
    const { code, printed } = await npmStart({ DATA_DIR: dataDir }, '--check-upgrade', '--restore', backup);
    expect([code, printed]).toEqual([1, expect.stringMatching(/^--\S+ and --\S+ are given, but only one .*\n$/)]);
    expect(existsSync(dataDir)).toBe(false);
  });

  test('rows that do not read back as they were are not kept', async () => {
    const store = await openStore({ dataDir: scratchFolder(), clock: systemClock });
    // Its last digits do not fit: the state keeps milliseconds.
    const row = { table_id: 'a', taken_at: '2026-01-01T00:00:00.000001Z' };
    const given = async function* (): AsyncGenerator<TablePage> {
      yield { table: 'external_groups', rows: [{ id: 'a', name: 'one' }] };
      yield { table: 'table_turns', rows: [row] };
    };
    await expect(copyState(store, given())).rejects.toThrow('The copied rows of table_turns differ');
    expect(await contentOf(store)).toEqual({});
    await store.close();
  });
});

/** A state of an older version with one user. */
async function openOlder(place: { dataDir: string }): Promise<Store> {
  const store = await openStore({ ...place, clock: systemClock, upTo: 32 });
  await store.write(async ({ db, at }) => {
    const user = { id: 'ada', email: 'ada@example.com', name: hostile, active: true, created_at: at };
    await db.insertInto('users').values(user).execute();
  });
  return store;
}

// oxlint-disable-next-line require-yield
async function* noFiles(): AsyncGenerator<never> {}

/** The lines with an end that fits them. */
function resealed(text: string): string {
  const lines = text.trimEnd().split('\n');
  const { end } = JSON.parse(lines.pop()!) as { end: object };
  const content = `${lines.join('\n')}\n`;
  const sha256 = createHash('sha256').update(content).digest('hex');
  return `${content}${JSON.stringify({ end: { ...end, sha256 } })}\n`;
}
