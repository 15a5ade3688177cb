import type pg from 'pg';
import { firstLine } from '../errors.ts';
import { pendingMigrations, scriptOf, type FoundSchema, type Migration } from '../migrations.ts';
import { MigrationFailedError } from '../open-errors.ts';
import { writeLock } from './write-lock.ts';

export interface MigrationWork {
  migrations: readonly Migration[];
  at: Date;
  /** How messages name the database. */
  place: string;
}

/**
 * Brings the database to the newest version in one transaction, or throws and leaves it as it was; processes that start
 * at once wait for each other. There is no copy of the state before: that is what backups of the server are for.
 */
export async function migrateDatabase(client: pg.ClientBase, work: MigrationWork): Promise<void> {
  await client.query(`begin; ${writeLock}`);
  try {
    const pending = pendingMigrations(await findSchema(client), work.migrations, work.place);
    for (const step of pending) await runStep(client, step, work);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function runStep(client: pg.ClientBase, step: Migration, work: MigrationWork): Promise<void> {
  try {
    await client.query(scriptOf(step, work.at));
  } catch (error) {
    throw new MigrationFailedError({ file: step.file, reason: firstLine(error), place: work.place }, error);
  }
}

/** What the database holds before it is migrated. */
export async function findSchema(client: pg.ClientBase): Promise<FoundSchema> {
  const found = await client.query<{ name: string }>(
    'select table_name as name from information_schema.tables where table_schema = current_schema()',
  );
  const tables = found.rows.map(({ name }) => name);
  if (!tables.includes('schema_version')) return { tables, version: undefined };
  const newest = await client.query<{ version: number | null }>('select max(version) as version from schema_version');
  return { tables, version: newest.rows[0]?.version ?? undefined };
}
