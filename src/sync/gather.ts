import type { Gathered } from '../../connectors/contract.ts';
import type { RunContext } from './run-context.ts';
import { contextOfRun } from './run-context.ts';
import { selectWaitingEvents } from './source-event.store.ts';

const mostEventsOfRun = 5000;

/** Lets the source's connector gather what its tables are extracted from; a connector that gathers nothing handles nothing. */
export async function gather(context: RunContext): Promise<Gathered> {
  const { services, run, source } = context;
  const connector = services.connectors.named(source.connector);
  if (!connector.gather) return { handled: [] };
  const events = await selectWaitingEvents(services.store.db, { sourceId: source.id, limit: mostEventsOfRun });
  const { tasks, fullRefresh } = run;
  return connector.gather(contextOfRun(context), { events, tasks, fullRefresh });
}
