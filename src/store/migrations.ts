import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../kernel/package-root.ts';
import { PredecessorStateError, PredecessorTooNewError, StateTooNewError, UnknownStateError } from './open-errors.ts';

/** One file of `migrations/`: its number is the schema version that it leads to. */
export interface Migration {
  version: number;
  file: string;
  sql: string;
}

/** What a database holds before it is migrated. */
export interface FoundSchema {
  tables: readonly string[];
  /** Undefined when `schema_version` is missing or empty. */
  version: number | undefined;
}

export const migrationsFolder: string = join(packageRoot, 'migrations');

/** The bookkeeping of migrations, which each database has of its own. */
export const schemaTable = 'schema_version';

/** The newest schema version of the predecessor that is taken over; ours begin above it. */
export const lastVersionOfPredecessor = 9;
const fileName = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*(\.postgres)?\.sql$/;

/** The steps for `dialect`, oldest first: on PostgreSQL `NNNN-….postgres.sql` stands in for its namesake. */
export function readMigrations(folder: string, dialect: 'duckdb' | 'postgres'): Migration[] {
  const found = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  const steps = new Map<number, string>();
  for (const file of found.toSorted()) {
    const [, number, special] = fileName.exec(file) ?? [];
    if (!number) throw new Error(`migrations/${file} is not named NNNN-<verb>-<noun>.sql.`);
    if (special ? dialect === 'duckdb' : dialect === 'postgres' && found.includes(specialNameOf(file))) continue;
    if (steps.has(Number(number))) throw new Error(`migrations/${file}: the number ${number} is taken twice.`);
    steps.set(Number(number), file);
  }
  return [...steps].map(([version, file]) => ({ version, file, sql: readFileSync(join(folder, file), 'utf8') }));
}

function specialNameOf(file: string): string {
  return file.replace(/\.sql$/, '.postgres.sql');
}

/** The version a database has after `migrations`. */
export function newestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/** The steps that `found` lacks; throws when it is not ours or newer than we are. `place` names it in the sentence. */
export function pendingMigrations(
  found: FoundSchema,
  migrations: readonly Migration[],
  place: string,
): readonly Migration[] {
  const { version } = found;
  if (version === undefined) {
    if (found.tables.length > 0) throw new UnknownStateError(place);
    return migrations;
  }
  const newest = newestVersion(migrations);
  const isOld = isOfPredecessor(found.tables, version);
  if (version <= lastVersionOfPredecessor)
    throw isOld ? new PredecessorStateError(place, version) : new UnknownStateError(place);
  if (isOld) throw new PredecessorTooNewError(place, version);
  if (version > newest) throw new StateTooNewError(place, { found: version, newest });
  return migrations.filter((step) => step.version > version);
}

/** Whether these are tables of the predecessor; `version`: the greatest that the file says, 0 for none. */
export function isOfPredecessor(tables: readonly string[], version: number): boolean {
  const [hasUsers, hasRegistry] = [tables.includes('users'), tables.includes('table_registry')];
  if (version > lastVersionOfPredecessor) return hasUsers && hasRegistry && !tables.includes('events');
  return version > 0 ? hasUsers || hasRegistry : hasUsers && hasRegistry;
}

/** The statements of one step, with its line of bookkeeping; to be run in a transaction. */
export function scriptOf(step: Migration, at: Date): string {
  return `create table if not exists schema_version (version integer primary key, applied_at timestamptz not null);
${step.sql}
;
insert into schema_version values (${step.version}, '${at.toISOString()}');`;
}
