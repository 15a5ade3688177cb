import type { Gathered, PublishedTable } from '../../connectors/contract.ts';
import { PublishedReader } from '../engine/published-reader.ts';
import type { RunContext } from './run-context.ts';
import { contextOfRun } from './run-context.ts';
import { selectWaitingEvents } from './source-event.store.ts';

const mostEventsOfRun = 5000;

/** Lets the source's connector gather what its tables are extracted from; a connector that gathers nothing handles nothing. */
export async function gather(context: RunContext): Promise<Gathered> {
  const { services, run, source, signal } = context;
  const connector = services.connectors.named(source.connector);
  if (!connector.gather) return { handled: [] };
  const events = await selectWaitingEvents(services.store.db, { sourceId: source.id, limit: mostEventsOfRun });
  const { tasks, fullRefresh } = run;
  const reader = new PublishedReader(signal);
  try {
    const published = publishedTables(context, reader);
    return await connector.gather(contextOfRun(context), { events, tasks, fullRefresh, published });
  } finally {
    await reader.close();
  }
}

/** Of the tables of this source those that hold files. */
function publishedTables({ services, source }: RunContext, reader: PublishedReader): PublishedTable[] {
  return services.registry.tablesOf(source.id).flatMap(({ id, options }) => {
    const files = services.generations.state(id)?.files ?? [];
    if (files.length === 0) return [];
    const filesOf = (name: string) => files.filter(({ partition = '' }) => partition === name);
    return {
      options,
      partitions: [...new Set(files.map(({ partition = '' }) => partition))],
      async isWhole(partition: string) {
        for (const file of filesOf(partition)) if (!(await reader.isWhole(file))) return false;
        return true;
      },
      rows(partition: string, columns: readonly string[]) {
        const paths = filesOf(partition).map(({ path }) => path);
        return reader.rows(paths, columns);
      },
    };
  });
}
