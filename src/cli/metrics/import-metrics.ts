import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { readMetricFiles } from './read-metric-files.ts';
import { printFaults, sendMetrics } from './send-metrics.ts';

/** Imports a file or a folder, all or nothing; what does not fit the tables of today is told and hinders nothing. */
export async function importMetrics(place: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const files = await readMetricFiles(place);
  const connection = await openConnection(options);
  const { created, updated, unchanged, warnings } = await sendMetrics(connection, { files, dryRun: false });
  if (options.json) return printJson({ created, updated, unchanged, warnings });
  printFaults(warnings);
  printNotice(`${created} created, ${updated} updated, ${unchanged} unchanged.`);
}
