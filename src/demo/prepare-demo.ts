import { grantRole } from '../access/grant-role.ts';
import { systemPrincipal } from '../identity/authenticate.ts';
import type { AuditAction } from '../audit/audit-action.ts';
import { runOperation, type Operation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { createUser } from '../people/create-user.ts';
import { createSource } from '../registry/create-source.ts';
import { registerTable } from '../registry/register-table.ts';
import type { OpenServices } from '../server/services.ts';
import { grantTableAccess } from '../sharing/grant-table-access.ts';
import { startSync } from '../sync/start-sync.ts';
import { syncTopic, type SyncEvent } from '../sync/sync-event.ts';
import type { SampleFile } from './sample-company.ts';

const sourceName = 'company';
const analystTables: ReadonlySet<string> = new Set(['customers', 'products', 'orders', 'tickets']);

interface Demo {
  readonly open: OpenServices;
  /** Where the sample files are. */
  readonly folder: string;
  readonly tables: readonly SampleFile[];
  /** The development user's. */
  readonly email: string;
  say(line: string): void;
}

/** Makes the development user an administrator and the sample company a synced source; what is there already stays. */
export async function prepareDemo(demo: Demo): Promise<void> {
  const { services } = demo.open;
  await makeAdministrator(services, demo.email);
  if (services.registry.sourceByName(sourceName)) return;
  await run(services, createSource, { name: sourceName, connector: 'files', config: { folder: demo.folder } });
  for (const sample of demo.tables) await register(services, sample);
  await syncAndTell(demo);
}

async function makeAdministrator(services: Services, email: string): Promise<void> {
  const known = services.accessIndex.userByEmail(email);
  const userId = known?.id ?? (await run(services, createUser, { email, name: 'Development user' })).id;
  if (services.accessIndex.hasRole(userId, 'core.admin')) return;
  await run(services, grantRole, { userId, roleKey: 'core.admin' });
}

async function register(services: Services, sample: SampleFile): Promise<void> {
  const { name, file, primaryKey, description, types } = sample;
  const options = { path: file, types };
  const table = await run(services, registerTable, { source: sourceName, name, description, primaryKey, options });
  if (!analystTables.has(name)) return;
  await run(services, grantTableAccess, { tableId: table.id, roleKey: 'core.analyst' });
}

async function syncAndTell({ open, say }: Demo): Promise<void> {
  const { services, syncRunner } = open;
  const stopListening = services.store.onCommit((events) => {
    for (const { topic, payload } of events) if (topic === syncTopic) tell(payload as SyncEvent);
  });
  await run(services, startSync, { source: sourceName });
  await syncRunner.idle();
  stopListening();

  function tell(event: SyncEvent): void {
    const table = 'tableId' in event ? services.registry.table(event.tableId) : null;
    const state = table && services.generations.state(table.id);
    if (event.kind === 'tablePublished') say(`  ${table?.sqlName.padEnd(28)} ${String(state?.rows).padStart(6)} rows`);
    if (event.kind === 'tableFailed') say(`  ${table?.sqlName.padEnd(28)} failed: ${event.message}`);
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
