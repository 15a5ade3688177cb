import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { openDuckDb } from './duckdb/open.ts';
import type { StoreFailedError } from './errors.ts';
import { migrationsFolder, readMigrations } from './migrations.ts';
import { openPostgres } from './postgres/open.ts';
import { SerialStore } from './serial-store.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** Without `databaseUrl` the state is `<dataDir>/state/system.duckdb`. */
  dataDir: string;
  databaseUrl?: string | undefined;
  clock: Clock;
  log?: Log | undefined;
  /** Called once when the database has failed for good (DuckDB only): say the message and end the process. */
  onFatal?: ((error: StoreFailedError) => void) | undefined;
  /** Where the steps are read; default: the `migrations/` that ship. */
  migrations?: string | undefined;
  /** The schema version to stop at; the newest unless given. */
  upTo?: number | undefined;
  /** When DuckDB's log is moved into its file: as soon as it has so many bytes, looked at so often. */
  checkpoints?: { intervalSeconds: number; leastLogBytes: number } | undefined;
}

/** Opens the state database, migrated to this program's version; throws a `StoreOpenError` and changes nothing else. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { clock, log, databaseUrl, onFatal } = options;
  const dialect = databaseUrl ? 'postgres' : 'duckdb';
  const steps = readMigrations(options.migrations ?? migrationsFolder, dialect);
  const migrations = steps.filter(({ version }) => version <= (options.upTo ?? version));
  const at = clock.now();
  const backend = databaseUrl
    ? await openPostgres({ databaseUrl, migrations, at, log })
    : await openDuckDb({
        dataDir: options.dataDir,
        migrations,
        at,
        log,
        checkpoints: options.checkpoints ?? { intervalSeconds: 60, leastLogBytes: 4 << 20 },
        onFatal: callOnce(onFatal),
      });
  return SerialStore.over(backend, { clock, log });
}

function callOnce(onFatal: StoreOptions['onFatal']): (error: StoreFailedError) => void {
  let called = false;
  return (error) => {
    if (called) return;
    called = true;
    onFatal?.(error);
  };
}
