import { join } from 'node:path';
import type { Connector } from '../../connectors/contract.ts';
import { administratorRemains } from '../access/administrator-remains.ts';
import { collectRoles } from '../access/collect-roles.ts';
import { coreRoles } from '../access/core-roles.ts';
import { loadAccessIndex } from '../access/load-access-index.ts';
import { seedRoles } from '../access/seed-roles.ts';
import { AuditBatch } from '../audit/audit-batch.ts';
import { openStatementPool } from '../engine/statement-pool.ts';
import { currentPrincipal } from '../identity/authenticate.ts';
import { LastUse } from '../identity/last-use.ts';
import { loadCredentials } from '../identity/load-credentials.ts';
import { repeatEvery } from '../jobs/repeat.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Services } from '../operation/services.ts';
import { Connectors } from '../registry/connectors.ts';
import { loadRegistry } from '../registry/load-registry.ts';
import { loadTableAccess } from '../sharing/load-table-access.ts';
import { openStore } from '../store/open-store.ts';
import { loadGenerations } from '../sync/load-generations.ts';
import { RunningTables } from '../sync/running-tables.ts';
import { SyncRunner } from '../sync/sync-runner.ts';

const auditFlushSeconds = 1;
const lastUseFlushSeconds = 60;
const hour = 3600;
const keptEventDays = 7;

/** What a running instance consists of, without its doors. */
export interface OpenServices {
  readonly services: Services;
  readonly syncRunner: SyncRunner;
  /** Stops runs and statements, writes what waits in batches, and closes the store. */
  close(): Promise<void>;
}

/** Opens the state, seeds the roles, fills every index, and marks runs that a crash cut off. */
export async function openServices(given: {
  dataDir: string;
  databaseUrl: string | undefined;
  connectors: readonly Connector[];
  readEnv: (name: string) => string | undefined;
  clock: Clock;
  log: Log;
  /** Called once when the state database has failed for good. */
  onFatal?: (error: Error) => void;
}): Promise<OpenServices> {
  const { clock, log } = given;
  const roles = collectRoles(coreRoles);
  const store = await openStore(given);
  await seedRoles(store, roles);
  const accessIndex = await loadAccessIndex(store);
  const registry = await loadRegistry(store);
  const tableAccess = await loadTableAccess(store, { accessIndex, tables: registry.tables() });
  const services: Services = {
    store,
    clock,
    log,
    invariants: [administratorRemains],
    accessIndex,
    registry,
    tableAccess,
    credentials: await loadCredentials(store),
    lastUse: new LastUse(),
    connectors: new Connectors(given.connectors, given.readEnv),
    generations: await loadGenerations(store, registry),
    runningTables: new RunningTables(store),
    statements: openStatementPool({ log }),
    auditBatch: new AuditBatch(),
    currentPrincipal: (principal) => currentPrincipal(services, principal),
  };
  const syncRunner = new SyncRunner(services, join(given.dataDir, 'extracts'));
  await syncRunner.start();
  const jobs = [
    repeatEvery(auditFlushSeconds, () => services.auditBatch.flush(store), log),
    repeatEvery(lastUseFlushSeconds, () => services.lastUse.flush(store), log),
    repeatEvery(hour, () => pruneEvents(services), log),
  ];
  return {
    services,
    syncRunner,
    async close() {
      await Promise.all(jobs.map((stop) => stop()));
      await syncRunner.stop();
      await services.statements.close();
      await services.auditBatch.flush(store);
      await services.lastUse.flush(store);
      await store.close();
    },
  };
}

async function pruneEvents({ store, clock }: Services): Promise<void> {
  await store.pruneEvents(new Date(clock.now().getTime() - keptEventDays * 24 * hour * 1000));
}
