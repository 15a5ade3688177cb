import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterEach, describe, onTestFinished } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { migrationsFolder } from '../../src/store/migrations.ts';
import { openStore, type StoreOptions } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createDatabase, postgresMissing } from '../kit/postgres.ts';

/** A table of the tests only, with each type that the state uses and both kinds of key. */
export interface SamplesTable {
  id: string;
  code: string | null;
  team: string | null;
  place: number | bigint | null;
  rank: number | null;
  ratio: number | null;
  flag: boolean | null;
  at: Date | null;
  bytes: Uint8Array | null;
}

export interface TestDatabase {
  samples: SamplesTable;
}

const samples = `create table samples (id text primary key, code text unique, team text, place bigint, rank integer,
  ratio double precision, flag boolean, "at" timestamptz, bytes BYTES, unique (team, place));`;

/** The samples of a store, for reads and, with the `db` of a transaction, for writes. */
export function samplesOf(db: unknown): Kysely<TestDatabase> {
  return db as Kysely<TestDatabase>;
}

/** A folder that is gone after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agnes-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of `migrations/` with further steps; without any, the one that makes `samples`. */
export function makeMigrations(steps: Record<string, string> = sampleSteps()): string {
  const folder = makeFolder();
  cpSync(migrationsFolder, folder, { recursive: true });
  for (const [file, sql] of Object.entries(steps)) writeFileSync(join(folder, file), sql);
  return folder;
}

function sampleSteps(): Record<string, string> {
  return {
    '0900-create-samples.sql': samples.replace('BYTES', 'blob'),
    '0900-create-samples.postgres.sql': samples.replace('BYTES', 'bytea'),
  };
}

export interface TestStores {
  readonly dialect: 'duckdb' | 'postgres';
  /** Opens the store of this test; a second time, the same one. Closed after the test. */
  open(options?: Partial<StoreOptions>): Promise<Store>;
}

/** The same tests on both databases, each test on an empty one. */
export function describeOnBoth(define: (stores: TestStores) => void): void {
  describe('on duckdb', () => define(useStores('duckdb')));
  const title = postgresMissing ? `on postgres (${postgresMissing})` : 'on postgres';
  describe.skipIf(postgresMissing)(title, () => define(useStores('postgres')));
}

export function useStores(dialect: TestStores['dialect']): TestStores {
  let place: Pick<StoreOptions, 'dataDir' | 'databaseUrl' | 'migrations'> | undefined;
  const opened: Store[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    place = undefined;
  });
  return {
    dialect,
    async open(options) {
      place ??= {
        dataDir: makeFolder(),
        databaseUrl: dialect === 'postgres' ? await createDatabase() : undefined,
        migrations: makeMigrations(),
      };
      const store = await openStore({ clock: systemClock, ...place, ...options });
      opened.push(store);
      return store;
    },
  };
}
