import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '../../connectors/contract.ts';
import { administratorRemains } from '../access/administrator-remains.ts';
import { followTime } from '../access/follow-time.ts';
import { loadAccessIndex } from '../access/load-access-index.ts';
import { seedRoles } from '../access/seed-roles.ts';
import { ExportRunner, exportLimits } from '../distribution/export-runner.ts';
import { removeSyncChoiceOf } from '../distribution/choose-sync-tables.ts';
import { removeUploadsOf } from '../distribution/delete-upload.ts';
import { UploadKeeper } from '../distribution/upload-keeper.ts';
import { removeExpiredExports, removeExportsOf } from '../distribution/remove-exports.ts';
import { UrlSigner } from '../distribution/signed-url.ts';
import { AuditBatch } from '../audit/audit-batch.ts';
import { RefusalCounts } from '../audit/refusal-counts.ts';
import { loadMetrics } from '../catalog/load-metrics.ts';
import type { RemoteSettings } from '../engine/remote-attachment.ts';
import { openStatementPool } from '../engine/statement-pool.ts';
import { Attempts } from '../identity/attempts.ts';
import { currentPrincipal } from '../identity/authenticate.ts';
import { DevicePace } from '../identity/device-pace.ts';
import { openLastUse } from '../identity/last-use.ts';
import { loadCredentials } from '../identity/load-credentials.ts';
import { MailLimit } from '../identity/mail-limit.ts';
import { loadInstanceSettings, onInstanceChange } from '../identity/load-instance-settings.ts';
import { loadSecrets } from '../identity/load-secrets.ts';
import { writeInstanceFile } from '../identity/instance-file.ts';
import { OidcProviders } from '../identity/oidc-providers.ts';
import { openPredecessorTokens } from '../identity/predecessor-tokens.ts';
import { googleEndpoints, type GoogleEndpoints } from '../identity/providers/google.ts';
import { removeEndedDevices } from '../identity/read-devices.ts';
import { removeEndedSessions } from '../identity/remove-ended-sessions.ts';
import { openSigningKeys } from '../identity/signing-keys.ts';
import { repeatEvery } from '../jobs/repeat.ts';
import { startDueTasks, startEventSyncs } from '../jobs/start-event-syncs.ts';
import { startDueSyncs } from '../jobs/start-due-syncs.ts';
import type { Clock } from '../kernel/clock.ts';
import type { RemoteAttachConfig, SmtpConfig } from '../kernel/config.ts';
import type { Log } from '../kernel/log.ts';
import type { FixedSettings } from '../kernel/sign-in-config.ts';
import type { Variables } from '../kernel/variables.ts';
import type { Services } from '../operation/services.ts';
import { RemoteChecks } from '../query/remote-checks.ts';
import { remoteLimits } from '../query/remote-order.ts';
import { RemoteReader } from '../query/remote-reader.ts';
import { Connectors } from '../registry/connectors.ts';
import { loadRegistry } from '../registry/load-registry.ts';
import { loadTableAccess } from '../sharing/load-table-access.ts';
import { takeLock } from '../store/duckdb/lock-file.ts';
import { StateUnreadableError } from '../store/open-errors.ts';
import { lockDatabase } from '../store/postgres/server-lock.ts';
import type { Store } from '../store/store.ts';
import { definedRoles } from './defined-roles.ts';
import { openSmtpMailer } from './smtp-mailer.ts';
import { upgradeSettings } from './upgrade-settings.ts';
import { openUpgradedStore } from '../upgrade/open-upgraded-store.ts';
import { removeKeptOf } from '../upgrade/read-upgrade-report.ts';
import type { UpgradeSettings } from '../upgrade/upgrade.ts';
import { ExtractKeeper } from '../sync/extract-keeper.ts';
import { loadGenerations } from '../sync/load-generations.ts';
import { loadTurns } from '../sync/load-turns.ts';
import { RunningTables } from '../sync/running-tables.ts';
import { pruneWebhookRuns } from '../sync/prune-webhook-runs.ts';
import { SourceLeftovers } from '../sync/source-leftovers.ts';
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
  readonly uploadKeeper: UploadKeeper;
  /** Stops runs and statements, writes what waits in batches, and closes the store. */
  close(): Promise<void>;
}

/**
 * Opens the state, seeds the roles, fills every index, and marks runs that a crash cut off. `dataDir` belongs to this
 * process alone until `close`. When the state fails for good later on, the process ends, to be started again.
 */
export async function openServices(given: {
  dataDir: string;
  signingKeysDir: string;
  /** What signed the predecessor's tokens; undefined: what its file says. */
  jwtSecretKey?: string;
  databaseUrl: string | undefined;
  connectors: readonly Connector[];
  /** Of which zone times without one are that the predecessor wrote. */
  upgradeTimeZone: string;
  /** What connectors and providers may read. */
  variables: Variables;
  remoteAttach: RemoteAttachConfig;
  /** The mail server; null: no mail is sent. */
  smtp: SmtpConfig | null;
  fixedSettings: FixedSettings;
  /** The operator’s own file of settings, which is never written. */
  instanceConfigFile: string | undefined;
  /** Where Google is, unless it is where it always is. */
  google?: GoogleEndpoints;
  clock: Clock;
  log: Log;
  /** Called once when the state database has failed for good. */
  onFatal?: (error: Error) => void;
}): Promise<OpenServices> {
  const { clock, log } = given;
  const { dataDir, signingKeysDir } = given;
  const signingKeys = openSigningKeys({ folder: signingKeysDir, dataDir, now: clock.now() });
  const extractsDir = join(given.dataDir, 'extracts');
  const { variables } = given;
  const roles = definedRoles();
  const roleKeys = new Set(roles.map(({ key }) => key));
  const { store, release } = await openState({ ...given, extractsDir, upgrade: upgradeSettings(given, roleKeys) });
  await loadSecrets(store, variables);
  await seedRoles(store, roles);
  const accessIndex = await loadAccessIndex(store, clock);
  const registry = await loadRegistry(store);
  const tableAccess = await loadTableAccess(store, { accessIndex, tables: registry.tables(), clock });
  const remotes: RemoteSettings = {
    ...given.remoteAttach,
    closed: [dataDir, signingKeysDir],
    extensionFolder: join(dataDir, 'extensions'),
    readEnv: (name) => variables.read(name),
  };
  const instanceSettings = await loadInstanceSettings(store, { fixed: given.fixedSettings, variables, log });
  const services: Services = {
    store,
    clock,
    log,
    dataDir,
    invariants: [administratorRemains],
    accessIndex,
    definedRoles: roleKeys,
    registry,
    tableAccess,
    credentials: await loadCredentials(store),
    predecessorTokens: openPredecessorTokens({ secret: given.jwtSecretKey, dataDir }),
    devicePace: new DevicePace(),
    attempts: new Attempts(clock),
    lastUse: await openLastUse(store),
    instanceSettings,
    variables,
    oidc: new OidcProviders(instanceSettings.openProviders(), given.google ?? googleEndpoints),
    connectors: new Connectors(given.connectors, (name) => variables.read(name), clock),
    generations: await loadGenerations(store, registry),
    runningTables: new RunningTables(store),
    turns: await loadTurns(store),
    remotes,
    remoteChecks: new RemoteChecks(),
    refusalCounts: new RefusalCounts(),
    statements: openStatementPool({ log, remotes }),
    get remoteReader() {
      return remoteReader;
    },
    auditBatch: new AuditBatch(),
    metrics: await loadMetrics(store),
    signingKeys,
    urlSigner: new UrlSigner(signingKeys),
    mailer: given.smtp && openSmtpMailer(given.smtp),
    mailLimit: new MailLimit(),
    userRemovals: [removeExportsOf, removeSyncChoiceOf, removeUploadsOf, removeKeptOf],
    currentPrincipal: (principal) => currentPrincipal(services, principal),
  };
  followSettings(services, given);
  const remoteReader = new RemoteReader(services, { folder: join(given.dataDir, 'remote'), limits: remoteLimits });
  await remoteReader.start();
  const leftovers = new SourceLeftovers(services, extractsDir);
  const extractKeeper = new ExtractKeeper(services, { extractsDir, leftovers });
  const syncRunner = new SyncRunner(services, { extractsDir, leftovers });
  await syncRunner.start();
  const exportRunner = new ExportRunner(services, { folder: join(given.dataDir, 'exports'), limits: exportLimits });
  await exportRunner.start();
  const uploadKeeper = new UploadKeeper(services, join(given.dataDir, 'uploads'));
  await uploadKeeper.start();
  await services.remoteChecks.started(services);
  const stopFollowing = [accessIndex, tableAccess].map((index) => followTime(index, { store, clock }));
  const waitingSources = new WaitingSources();
  const jobs = [
    repeatEvery(scheduleSeconds, () => startDueSyncs(services), log),
    repeatEvery(scheduleSeconds, () => startDueTasks(services), log),
    repeatEvery(waitingEventsSeconds, () => startEventSyncs(services, waitingSources), log),
    repeatEvery(hour, () => forgetDeliveries(services), log),
    repeatEvery(hour, () => pruneWebhookRuns(services.store), log),
    repeatEvery(auditFlushSeconds, () => services.auditBatch.flush(store), log),
    repeatEvery(lastUseFlushSeconds, () => services.lastUse.flush(store), log),
    repeatEvery(hour, () => pruneEvents(services), log),
    repeatEvery(hour, () => removeEndedDevices(services), log),
    repeatEvery(hour, () => removeEndedSessions(services), log),
    repeatEvery(hour, async () => void signingKeys.removeOld(clock.now()), log),
    repeatEvery(garbageSeconds, () => collectGarbage(syncRunner), log),
    repeatEvery(expiredExportsSeconds, () => removeExpiredExports(services), log),
    repeatEvery(hour, () => uploadKeeper.sweep(), log),
  ];
  return {
    services,
    syncRunner,
    extractKeeper,
    exportRunner,
    uploadKeeper,
    async close() {
      for (const stop of stopFollowing) stop();
      await Promise.all(jobs.map((stop) => stop()));
      await syncRunner.stop();
      await extractKeeper.idle();
      await remoteReader.stop();
      await exportRunner.stop();
      await uploadKeeper.idle();
      await services.statements.close();
      await services.mailer?.close();
      await services.auditBatch.flush(store);
      await services.lastUse.flush(store);
      await release();
    },
  };
}

/** Opens and closes the doors of providers and writes the readable file, now and whenever a setting or a secret has changed. */
function followSettings(
  { store, log, oidc, instanceSettings: settings }: Services,
  { dataDir, instanceConfigFile: own }: { dataDir: string; instanceConfigFile: string | undefined },
): void {
  const path = join(dataDir, 'instance.yaml');
  function write(): void {
    try {
      writeInstanceFile(path, { settings, own });
    } catch (error) {
      log.error({ error }, `${path} cannot be written; it is written again at the next change or start.`);
    }
  }
  onInstanceChange(store, () => {
    oidc.replace(settings.openProviders());
    write();
  });
  write();
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
  given: StateOptions & { extractsDir: string; upgrade: UpgradeSettings },
): Promise<{ store: Store; release: () => Promise<void> }> {
  const { databaseUrl, onFatal = () => {} } = given;
  const held: (() => void | Promise<void>)[] = [];
  async function release(): Promise<void> {
    for (const giveUp of held.toReversed()) await giveUp();
  }
  try {
    const store = await openUpgradedStore({ ...given, onFatal }, given.upgrade);
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
