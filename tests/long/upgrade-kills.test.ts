import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/kernel/config.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { describeUpgrade } from '../../src/server/check-upgrade.ts';
import type { Store } from '../../src/store/store.ts';
import { readUpgradeReport } from '../../src/upgrade/read-upgrade-report.ts';
import { createDatabase, postgresMissing } from '../kit/postgres.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { startProgram } from '../programs/program.ts';
import { runAndDie } from '../store/raw-duckdb.ts';
import { makeMigrations } from '../store/stores.ts';
import { putOldState, readUpgraded } from '../upgrade/old-state.ts';

/** Name, size and bytes of everything in the folder. */
function photograph(folder: string): unknown[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted()
    .map((path) => [path, statSync(path).mtimeMs, statSync(path).isFile() && readFileSync(path).toString('base64')]);
}

async function countUsers(store: Store): Promise<number> {
  expect((await readUpgradeReport(store))?.version).toBe(9);
  return (await store.db.selectFrom('users').select('id').execute()).length;
}

describe('a fault leaves the state of the predecessor in its place', () => {
  test('and says where it was', async () => {
    const dataDir = scratchFolder();
    const file = await putOldState(dataDir, 9);
    const before = readFileSync(file);
    const migrations = makeMigrations({ '0900-drop-grants.sql': 'drop table role_grants;' });
    await expect(readUpgraded(dataDir, countUsers, { migrations })).rejects.toMatchObject({
      code: 'UPGRADE_FAILED',
      message: expect.stringMatching(
        /^\S+system\.duckdb could not be taken over from the predecessor in the new table role_grants \(.+\); it is as it was\.$/,
      ),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(join(dataDir, 'state')).toSorted()).toEqual(['system.duckdb', 'system.duckdb.predecessor-v9']);
    expect(await readUpgraded(dataDir, countUsers)).toBe(7);
  });

  test('also when there is no room for the copy', async () => {
    const dataDir = scratchFolder();
    const file = await putOldState(dataDir, 9);
    mkdirSync(`${file}.predecessor-v9.new`);
    await expect(readUpgraded(dataDir, countUsers)).rejects.toMatchObject({ code: 'UPGRADE_FAILED' });
    expect(readdirSync(join(dataDir, 'state')).toSorted()).toEqual([
      'system.duckdb',
      'system.duckdb.predecessor-v9.new',
    ]);
  });
});

test('what the predecessor had only in its log when it was killed is taken over, and the log is kept, too', async () => {
  const dataDir = scratchFolder();
  const file = await putOldState(dataDir, 9);
  runAndDie(file, `insert into knowledge_votes values ('km_1', 'u-ada', 1, null)`);
  const [before, log] = [readFileSync(file), readFileSync(`${file}.wal`)];
  expect(log.length).toBeGreaterThan(0);
  const votes = await readUpgraded(dataDir, (store) =>
    store.db.selectFrom('predecessor_knowledge_votes').select(['user_id', 'vote']).execute(),
  );
  expect(votes).toEqual([{ user_id: 'u-ada', vote: 1 }]);
  expect(readFileSync(`${file}.predecessor-v9`).equals(before)).toBe(true);
  expect(readFileSync(`${file}.predecessor-v9.wal`).equals(log)).toBe(true);
  expect(existsSync(`${file}.wal`)).toBe(false);
});

describe('a kill', () => {
  test.each(['duckdb', 'postgres'])(
    'at any moment, into %s: the next start ends the upgrade or finds it done',
    async (database) => {
      if (database === 'postgres' && postgresMissing !== null) return;
      for (const pauseMs of [0, 25, 50, 75, 100, 150, 200, 300]) {
        const dataDir = scratchFolder();
        const file = await putOldState(dataDir, 9);
        const before = readFileSync(file);
        const place = database === 'postgres' ? { databaseUrl: await createDatabase() } : {};
        const program = startProgram('server', {
          DATA_DIR: dataDir,
          PORT: '0',
          LOG_LEVEL: 'silent',
          ...(place.databaseUrl !== undefined && { DATABASE_URL: place.databaseUrl }),
        });
        while (!existsSync(`${file}.predecessor-v9`) && !existsSync(`${file}.predecessor-v9.new`)) await sleep(2);
        await sleep(pauseMs);
        program.signal('SIGKILL');
        await program.ended;
        expect(await readUpgraded(dataDir, countUsers, place), `after ${pauseMs} ms`).toBe(7);
        expect(readFileSync(`${file}.predecessor-v9`).equals(before)).toBe(true);
        const leftBehind = readdirSync(join(dataDir, 'state')).filter((name) =>
          /upgrade|\.new|\.ready|\.wal$/.test(name),
        );
        expect(leftBehind).toEqual([]);
        if (database === 'postgres') expect(existsSync(file)).toBe(false);
      }
    },
    240_000,
  );

  test('between the new state and its place: the next start puts it there, and the log of before is gone', async () => {
    const [done, dataDir] = [scratchFolder(), scratchFolder()];
    await putOldState(done, 9);
    await readUpgraded(done, countUsers);
    const file = await putOldState(dataDir, 7);
    writeFileSync(`${file}.wal`, 'a log that belongs to the file of before');
    mkdirSync(`${file}.ready`);
    copyFileSync(join(done, 'state/system.duckdb'), join(`${file}.ready`, 'system.duckdb'));
    expect(await readUpgraded(dataDir, countUsers)).toBe(7);
    expect(readdirSync(join(dataDir, 'state'))).toEqual(['system.duckdb']);
  });
});

describe('npm start -- --check-upgrade', { timeout: 120_000 }, () => {
  function check(environment: Record<string, string>) {
    const server = join(packageRoot, 'dist/server.js');
    return spawnSync(process.execPath, [server, '--check-upgrade'], { env: environment, encoding: 'utf8' });
  }

  test('says in advance what would happen, with counts and warnings, and changes nothing', async () => {
    const dataDir = scratchFolder();
    const file = await putOldState(dataDir, 9);
    const overlay = join(dataDir, 'state/.env_overlay');
    writeFileSync(overlay, 'KEBOOLA_STACK_URL=https://connection.example.com\nGOOGLE_CLIENT_ID=x\n');
    writeFileSync(
      join(dataDir, 'state/instance.yaml'),
      'instance: { name: Old }\nauth: { allowed_domain: example.com }\ntheme: { primary: red }\n',
    );
    mkdirSync(join(dataDir, 'auth'));
    writeFileSync(join(dataDir, 'auth/password_users.json'), '{"late@example.com":{}}');
    const before = photograph(dataDir);
    const { status, stdout, stderr } = check({ DATA_DIR: dataDir });
    expect([status, stderr]).toEqual([0, '']);
    expect(photograph(dataDir)).toEqual(before);
    expect(stdout).toContain(
      `${file} (schema version 9 of the predecessor) would be taken over, and kept as ${file}.predecessor-v9.\n`,
    );
    expect(stdout).toContain('  users: 7, 7, 0\n');
    expect(stdout).toContain('  personal_access_tokens: 1 of the rows: its owner is gone (7f3b0000-');
    expect(stdout).toContain('The source bigquery is not complete');
    expect(stdout).not.toContain('The source keboola is not complete');
    expect(stdout).toContain(`${overlay} counts on: KEBOOLA_STACK_URL.`);
    expect(stdout).toContain('GOOGLE_CLIENT_ID count only in the environment');
    expect(stdout).toContain(`  ${dataDir}/auth/password_users.json: 1, 0, 1\n`);
    expect(stdout).toContain('1 of the rows: the users of the database count, without it (late@example.com)');
    expect(stdout).toContain('these keys have no meaning here: theme.primary.');
    const settings = await readUpgraded(dataDir, (store) =>
      store.db.selectFrom('instance_settings').select(['key', 'value']).orderBy('key').execute(),
    );
    expect(settings).toEqual([
      { key: 'allowedDomains', value: '["example.com"]' },
      { key: 'name', value: '"Old"' },
    ]);
    expect(await describeUpgrade(readConfig({ DATA_DIR: dataDir }))).toContain('holds no state of the predecessor');
  });

  test('what cannot be read is one sentence', () => {
    const dataDir = scratchFolder();
    mkdirSync(join(dataDir, 'state'));
    writeFileSync(join(dataDir, 'state/system.duckdb'), 'no database');
    const { status, stderr } = check({ DATA_DIR: dataDir });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^\S+ cannot be opened as a DuckDB database: .+\n$/)]);
    rmSync(dataDir, { recursive: true });
  });
});
