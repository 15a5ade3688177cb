import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { request } from '../connection/request.ts';
import { failed, type CommandFailure } from '../failure.ts';
import { printData, printJson } from '../output/streams.ts';
import { visible } from '../output/visible.ts';
import { ShownMetric } from './documents.ts';

/** Prints one definition: as the YAML file that an import takes, or as JSON. */
export async function showMetric(id: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const { metric } = await request(connection, ShownMetric, { id });
  if (!metric) throw noSuchMetric(id);
  const { yaml, ...definition } = metric;
  if (options.json) printJson(definition);
  else printData(visible(yaml, { keepNewlines: true }));
}

/** The failure of a metric that is not there for the viewer. */
export function noSuchMetric(id: string): CommandFailure {
  return failed(`There is no metric ${id}, or you may not see it; \`da metrics list\` shows those that you may.`);
}
