import { expect, test } from 'vitest';
import { migrationsFolder, readMigrations } from '../../src/store/migrations.ts';
import { makeMigrations } from './stores.ts';

test('the steps that ship make no index of their own, start at 10 and are the same versions on both databases', () => {
  const [duckdb, postgres] = (['duckdb', 'postgres'] as const).map((dialect) =>
    readMigrations(migrationsFolder, dialect),
  );
  expect(duckdb?.[0]?.version).toBe(10);
  expect(postgres?.map(({ version }) => version)).toEqual(duckdb?.map(({ version }) => version));
  for (const { sql } of duckdb ?? []) expect(sql.replaceAll(/--.*/g, '')).not.toMatch(/create\s+(unique\s+)?index/i);
});

test('a file that is not named like a step is an error that names it', () => {
  const folder = makeMigrations({ '11-create-things.sql': '' });
  expect(() => readMigrations(folder, 'duckdb')).toThrow('migrations/11-create-things.sql is not named');
});

test('a number taken twice is an error', () => {
  const folder = makeMigrations({ '0011-create-things.sql': '', '0011-create-others.sql': '' });
  expect(() => readMigrations(folder, 'duckdb')).toThrow('0011-create-things.sql: the number 0011 is taken twice');
});
