import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '../../connectors/contract.ts';
import { administratorRemains } from '../access/administrator-remains.ts';
import { collectRoles } from '../access/collect-roles.ts';
import { coreRoles } from '../access/core-roles.ts';
import { followTime } from '../access/follow-time.ts';
import { loadAccessIndex } from '../access/load-access-index.ts';
import { seedRoles } from '../access/seed-roles.ts';
import { ExportRunner, exportLimits } from '../distribution/export-runner.ts';
import { removeSyncChoiceOf } from '../distribution/choose-sync-tables.ts';
import { removeExpiredExports, removeExportsOf } from '../distribution/remove-exports.ts';
import { openUrlSigner } from '../distribution/signed-url.ts';
import { AuditBatch } from '../audit/audit-batch.ts';
import { loadMetrics } from '../catalog/load-metrics.ts';
import { openStatementPool } from '../engine/statement-pool.ts';
import { Attempts } from '../identity/attempts.ts';
import { currentPrincipal } from '../identity/authenticate.ts';
import { DevicePace } from '../identity/device-pace.ts';
import { openLastUse } from '../identity/last-use.ts';
import { loadCredentials } from '../identity/load-credentials.ts';
import { MailLimit } from '../identity/mail-limit.ts';
import { openOidcProviders } from '../identity/oidc-providers.ts';
import { googleEndpoints, type GoogleEndpoints } from '../identity/providers/google.ts';
import { removeEndedDevices } from '../identity/read-devices.ts';
import { removeEndedSessions } from '../identity/remove-ended-sessions.ts';
import { repeatEvery } from '../jobs/repeat.ts';
import { startDueTasks, startEventSyncs } from '../jobs/start-event-syncs.ts';
import { startDueSyncs } from '../jobs/start-due-syncs.ts';
import type { Clock } from '../kernel/clock.ts';
import type { SmtpConfig } from '../kernel/config.ts';
import type { Log } from '../kernel/log.ts';
import type { SignInProvider } from '../kernel/sign-in-config.ts';
import type { Services } from '../operation/services.ts';
import { Connectors } from '../registry/connectors.ts';
import { loadRegistry } from '../registry/load-registry.ts';
import { loadTableAccess } from '../sharing/load-table-access.ts';
import { takeLock } from '../store/duckdb/lock-file.ts';
import { StateUnreadableError } from '../store/open-errors.ts';
import { openStore } from '../store/open-store.ts';
import { lockDatabase } from '../store/postgres/server-lock.ts';
import type { Store } from '../store/store.ts';
import { openSmtpMailer } from './smtp-mailer.ts';
import { ExtractKeeper } from '../sync/extract-keeper.ts';
import { loadGenerations } from '../sync/load-generations.ts';
import { loadTurns } from '../sync/load-turns.ts';
import { RunningTables } from '../sync/running-tables.ts';
import { WebhookRefusals } from '../sync/note-refused-webhook.ts';
import { SyncRunner } from '../sync/sync-runner.ts';
import { forgetDeliveries, WaitingSources } from '../sync/waiting-sources.ts';

const scheduleSeconds = 5;
const waitingEventsSeconds = 1;
const auditFlushSeconds = 1;
const lastUseFlushSeconds = 60;
const garbageSeconds = 600;
const expiredExportsSeconds = 600;
const hour = 3600;
const keptEventDays = 7;

/** What a running instance consists of, without its doors. */
export interface OpenServices {
  readonly services: Services;
  readonly syncRunner: SyncRunner;
  readonly extractKeeper: ExtractKeeper;
  readonly exportRunner: ExportRunner;
  /** Stops runs and statements, writes what waits in batches, and closes the store. */
  close(): Promise<void>;
}

/**
 * Opens the state, seeds the roles, fills every index, and marks runs that a crash cut off. `dataDir` belongs to this
 * process alone until `close`. When the state fails for good later on, the process ends, to be started again.
 */
export async function openServices(given: {
  dataDir: string;
  databaseUrl: string | undefined;
  connectors: readonly Connector[];
  readEnv: (name: string) => string | undefined;
  /** The mail server; null: no mail is sent. */
  smtp: SmtpConfig | null;
  signInProviders: readonly SignInProvider[];
  /** Where Google is, unless it is where it always is. */
  google?: GoogleEndpoints;
  clock: Clock;
  log: Log;
  /** Called once when the state database has failed for good. */
  onFatal?: (error: Error) => void;
}): Promise<OpenServices> {
  const { clock, log } = given;
  const roles = collectRoles(coreRoles);
  const extractsDir = join(given.dataDir, 'extracts');
  const { store, release } = await openState({ ...given, extractsDir });
  await seedRoles(store, roles);
  const accessIndex = await loadAccessIndex(store, clock);
  const registry = await loadRegistry(store);
  const tableAccess = await loadTableAccess(store, { accessIndex, tables: registry.tables(), clock });
  const services: Services = {
    store,
    clock,
    log,
    invariants: [administratorRemains],
    accessIndex,
    definedRoles: new Set(roles.map(({ key }) => key)),
    registry,
    tableAccess,
    credentials: await loadCredentials(store),
    devicePace: new DevicePace(),
    attempts: new Attempts(clock),
    lastUse: await openLastUse(store),
    oidc: openOidcProviders(given.signInProviders, given.google ?? googleEndpoints),
    connectors: new Connectors(given.connectors, given.readEnv),
    generations: await loadGenerations(store, registry),
    runningTables: new RunningTables(store),
    turns: await loadTurns(store),
    webhookRefusals: new WebhookRefusals(),
    statements: openStatementPool({ log }),
    auditBatch: new AuditBatch(),
    metrics: await loadMetrics(store),
    urlSigner: openUrlSigner(given.dataDir),
    mailer: given.smtp && openSmtpMailer(given.smtp),
    mailLimit: new MailLimit(),
    userRemovals: [removeExportsOf, removeSyncChoiceOf],
    currentPrincipal: (principal) => currentPrincipal(services, principal),
  };
  const extractKeeper = new ExtractKeeper(services, extractsDir);
  const syncRunner = new SyncRunner(services, extractsDir);
  await syncRunner.start();
  const exportRunner = new ExportRunner(services, { folder: join(given.dataDir, 'exports'), limits: exportLimits });
  await exportRunner.start();
  const stopFollowing = [accessIndex, tableAccess].map((index) => followTime(index, { store, clock }));
  const waitingSources = new WaitingSources();
  const jobs = [
    repeatEvery(scheduleSeconds, () => startDueSyncs(services), log),
    repeatEvery(scheduleSeconds, () => startDueTasks(services), log),
    repeatEvery(waitingEventsSeconds, () => startEventSyncs(services, waitingSources), log),
    repeatEvery(hour, () => forgetDeliveries(services), log),
    repeatEvery(auditFlushSeconds, () => services.auditBatch.flush(store), log),
    repeatEvery(lastUseFlushSeconds, () => services.lastUse.flush(store), log),
    repeatEvery(hour, () => pruneEvents(services), log),
    repeatEvery(hour, () => removeEndedDevices(services), log),
    repeatEvery(hour, () => removeEndedSessions(services), log),
    repeatEvery(garbageSeconds, () => collectGarbage(syncRunner), log),
    repeatEvery(expiredExportsSeconds, () => removeExpiredExports(services), log),
  ];
  return {
    services,
    syncRunner,
    extractKeeper,
    exportRunner,
    async close() {
      for (const stop of stopFollowing) stop();
      await Promise.all(jobs.map((stop) => stop()));
      await syncRunner.stop();
      await extractKeeper.idle();
      await exportRunner.stop();
      await services.statements.close();
      await services.mailer?.close();
      await services.auditBatch.flush(store);
      await services.lastUse.flush(store);
      await release();
    },
  };
}

async function pruneEvents({ store, clock }: Services): Promise<void> {
  await store.pruneEvents(new Date(clock.now().getTime() - keptEventDays * 24 * hour * 1000));
}

async function collectGarbage(syncRunner: SyncRunner): Promise<void> {
  await syncRunner.collectGarbage();
}

type StateOptions = Pick<Parameters<typeof openServices>[0], 'dataDir' | 'databaseUrl' | 'clock' | 'log' | 'onFatal'>;

/** The store, and the locks that make this process the only one on it and on the extracts; `release` gives all up. */
async function openState(
  given: StateOptions & { extractsDir: string },
): Promise<{ store: Store; release: () => Promise<void> }> {
  const { databaseUrl, onFatal = () => {} } = given;
  const held: (() => void | Promise<void>)[] = [];
  async function release(): Promise<void> {
    for (const giveUp of held.toReversed()) await giveUp();
  }
  try {
    const store = await openStore({ ...given, onFatal });
    held.push(() => store.close());
    if (databaseUrl) held.push(await lockDatabase(databaseUrl, onFatal));
    held.push(await lockExtracts(given.extractsDir));
    return { store, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Also where PostgreSQL holds the state: of two processes, each would remove the files that the other publishes. */
async function lockExtracts(extractsDir: string): Promise<() => void> {
  try {
    mkdirSync(extractsDir, { recursive: true });
  } catch (error) {
    throw new StateUnreadableError(`${extractsDir} cannot be made: ${(error as Error).message}`, error);
  }
  return takeLock(realpathSync(extractsDir));
}
