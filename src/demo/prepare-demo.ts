import { grantRole } from '../access/grant-role.ts';
import { importMetrics } from '../catalog/import-metrics.ts';
import { systemPrincipal } from '../identity/authenticate.ts';
import type { AuditAction } from '../audit/audit-action.ts';
import { runOperation, type Operation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { setDevelopmentGroups } from '../people/set-development-groups.ts';
import { createUser } from '../people/create-user.ts';
import type { NamedGroup } from '../people/replace-external-groups.ts';
import { createSource } from '../registry/create-source.ts';
import { registerTable } from '../registry/register-table.ts';
import type { Table } from '../registry/table.ts';
import type { OpenServices } from '../server/services.ts';
import { grantTableAccess } from '../sharing/grant-table-access.ts';
import { startSync } from '../sync/start-sync.ts';
import { syncTopic, type SyncEvent } from '../sync/sync-event.ts';
import type { SampleFile } from './sample-company.ts';
import { readStarterMetrics } from './starter-metrics.ts';

const sourceName = 'company';
const analysts = 'core.analyst';
const analystTables: ReadonlySet<string> = new Set(['customers', 'products', 'orders', 'tickets']);

interface Demo {
  readonly open: OpenServices;
  /** Where the sample files are. */
  readonly folder: string;
  readonly tables: readonly SampleFile[];
  /** The development user's. */
  readonly email: string;
  /** The external groups of the development user. */
  readonly groups: readonly NamedGroup[];
  say(line: string): void;
}

/**
 * Makes the development user an administrator and the sample company a synced source with metrics. Each step is done only where it is
 * missing, so that a preparation that was cut off is completed and a complete one changes nothing.
 */
export async function prepareDemo(demo: Demo): Promise<void> {
  const { services } = demo.open;
  await makeAdministrator(services, demo.email);
  await setDevelopmentGroups(services.store, demo);
  if (!services.registry.sourceByName(sourceName)) {
    await run(services, createSource, { name: sourceName, connector: 'files', config: { folder: demo.folder } });
  }
  const unfinished = demo.tables.filter(({ name }) => !hasData(services, name));
  const tables: Table[] = [];
  for (const sample of unfinished) tables.push(await prepareTable(services, sample));
  if (tables.length > 0) await syncAndTell(demo, tables);
  if (services.metrics.metrics().length === 0) await importStarterMetrics(demo);
}

async function importStarterMetrics({ open, say }: Demo): Promise<void> {
  const { created, warnings } = await run(open.services, importMetrics, { files: await readStarterMetrics() });
  say(`Imported ${created.length} metric definitions.`);
  for (const { file, line, message } of warnings) say(`  ${file}:${line} ${message}`);
}

function hasData(services: Services, name: string): boolean {
  const table = findTable(services, name);
  return table !== undefined && services.generations.state(table.id)?.lastSyncAt != null;
}

async function makeAdministrator(services: Services, email: string): Promise<void> {
  const known = services.accessIndex.userByEmail(email);
  const userId = known?.id ?? (await run(services, createUser, { email, name: 'Development user' })).id;
  if (services.accessIndex.hasRole(userId, 'core.admin')) return;
  await run(services, grantRole, { userId, roleKey: 'core.admin' });
}

async function prepareTable(services: Services, sample: SampleFile): Promise<Table> {
  const table = findTable(services, sample.name) ?? (await register(services, sample));
  const grants = services.tableAccess.grantsOn(table.id);
  if (analystTables.has(table.name) && !grants.some(({ granteeId }) => granteeId === analysts)) {
    await run(services, grantTableAccess, { tableId: table.id, roleKey: analysts });
  }
  return table;
}

function findTable({ registry }: Services, name: string): Table | undefined {
  const source = registry.sourceByName(sourceName);
  return source ? registry.tablesOf(source.id).find((table) => table.name === name) : undefined;
}

function register(services: Services, { name, file, primaryKey, description, types }: SampleFile): Promise<Table> {
  const options = { path: file, types };
  return run(services, registerTable, { source: sourceName, name, description, primaryKey, options });
}

async function syncAndTell({ open, say }: Demo, tables: readonly Table[]): Promise<void> {
  const { services, syncRunner } = open;
  let begun = 0;
  say(`Syncing the sample company, ${tables.length} ${tables.length === 1 ? 'table' : 'tables'}:`);
  const stopListening = services.store.onCommit((events) => {
    for (const { topic, payload } of events) if (topic === syncTopic) tell(payload as SyncEvent);
  });
  await run(services, startSync, { source: sourceName, tables: tables.map(({ id }) => id) });
  await syncRunner.idle();
  stopListening();

  function tell(event: SyncEvent): void {
    const table = 'tableId' in event ? services.registry.table(event.tableId) : null;
    const name = table?.sqlName.padEnd(28);
    if (event.kind === 'progress') say(`  ${(begun += 1)}/${tables.length} ${table?.sqlName} …`);
    if (event.kind === 'tablePublished') {
      say(`  ${name} ${String(services.generations.state(event.tableId)?.rows).padStart(6)} rows`);
    }
    if (event.kind === 'tableFailed') say(`  ${name} failed: ${event.message}`);
    if (event.kind === 'finished') say(`  run ${event.state}`);
  }
}

function run<Raw, Input, Prepared, Result, Event extends AuditAction>(
  services: Services,
  operation: Operation<Raw, Input, Prepared, Result, Event>,
  input: NoInfer<Raw>,
): Promise<Result> {
  return runOperation(operation, { input, caller: { principal: systemPrincipal, requestId: 'demo' }, services });
}
