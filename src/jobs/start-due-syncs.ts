import { systemPrincipal } from '../identity/authenticate.ts';
import { ConflictError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { runOperation } from '../operation/define-operation.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { dueTables } from '../sync/due-tables.ts';
import { startSync } from '../sync/start-sync.ts';

/** Who asks for the runs that schedules want. */
const scheduler: Principal = { ...systemPrincipal, email: 'schedule' };

/**
 * Queues one run per source with exactly the tables that are due. What is due while a run of its source is on its way waits
 * for the first call after the end of that run; however many times were missed, the table is synced once.
 */
export async function startDueSyncs(services: Services): Promise<void> {
  for (const source of services.registry.sources()) {
    const tables = await dueTables(services, source.id);
    if (tables.length === 0) continue;
    try {
      const caller = { principal: scheduler, requestId: newId() };
      await runOperation(startSync, { input: { source: source.name, tables }, caller, services });
    } catch (error) {
      if (!(error instanceof ConflictError))
        services.log.error({ err: error, source: source.name }, 'due tables could not be synced');
    }
  }
}
