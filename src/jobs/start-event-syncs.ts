import { systemPrincipal } from '../identity/authenticate.ts';
import { ConflictError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { runOperation } from '../operation/define-operation.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';
import { dueTasks } from '../sync/source-tasks.ts';
import { startSync } from '../sync/start-sync.ts';
import type { WaitingSources } from '../sync/waiting-sources.ts';

/** Who asks for the runs that events of webhooks want, and for those that schedules of tasks want. */
const webhook: Principal = { ...systemPrincipal, email: 'webhook' };
const scheduler: Principal = { ...systemPrincipal, email: 'schedule' };

/** Queues a run for each source for which events wait: one run works off all of them. */
export async function startEventSyncs(services: Services, waiting: WaitingSources): Promise<void> {
  for (const sourceId of await waiting.take(services)) {
    const source = services.registry.source(sourceId);
    if (source) await start(services, { source, tasks: [], principal: webhook });
  }
}

/** Queues one run per source with exactly the tasks that are due; however many times were missed, a task is done once. */
export async function startDueTasks(services: Services): Promise<void> {
  for (const source of services.registry.sources()) {
    const tasks = await dueTasks(services, source);
    if (tasks.length > 0) await start(services, { source, tasks, principal: scheduler });
  }
}

async function start(
  services: Services,
  given: { source: Source; tasks: string[]; principal: Principal },
): Promise<void> {
  const { source, tasks, principal } = given;
  try {
    const caller = { principal, requestId: newId() };
    await runOperation(startSync, { input: { source: source.name, tasks }, caller, services });
  } catch (error) {
    if (!(error instanceof ConflictError))
      services.log.error({ err: error, source: source.name }, 'the work of a source could not be started');
  }
}
