import type { PeekedState } from './backend.ts';
import { peekFile } from './duckdb/peek.ts';
import { migrationsFolder, readMigrations } from './migrations.ts';
import type { StoreOptions } from './open-store.ts';
import { peekDatabase } from './postgres/peek.ts';

/** Where a state is, as `openStore` takes it. */
export type StatePlace = Pick<StoreOptions, 'dataDir' | 'databaseUrl'>;

/** Looks at a state that nobody has open, and migrates nothing; throws the `StoreOpenError` with which `openStore` would end. */
export function peekState({ dataDir, databaseUrl }: StatePlace): Promise<PeekedState> {
  return databaseUrl
    ? peekDatabase(databaseUrl, readMigrations(migrationsFolder, 'postgres'))
    : peekFile(dataDir, readMigrations(migrationsFolder, 'duckdb'));
}
