import type { GlobalOptions } from '../command.ts';
import { openConnection, type Connection } from '../connection/connection.ts';
import { exitCodes, failed } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { readStoredMetrics } from './read-stored-metrics.ts';
import { readMetricFiles, type MetricFile } from './read-metric-files.ts';
import { countFaults, printFaults, sendMetrics } from './send-metrics.ts';

/** Checks files, or what the server has stored, also against the tables of today; any fault ends with exit code 1. */
export async function validateMetrics(
  place: string | undefined,
  options: GlobalOptions & { json?: true },
): Promise<void> {
  const given = place === undefined ? null : await readMetricFiles(place);
  const connection = await openConnection(options);
  const files = given ?? (await storedFiles(connection));
  if (files.length === 0) return options.json ? printJson({ warnings: [] }) : printNotice('There are no metrics.');
  const { warnings } = await sendMetrics(connection, { files, dryRun: true });
  if (options.json) {
    printJson({ warnings });
    process.exitCode = warnings.length > 0 ? exitCodes.failed : exitCodes.done;
    return;
  }
  printFaults(warnings);
  if (warnings.length > 0) throw failed(countFaults(warnings.length));
  printNotice(`No faults in ${files.length} ${files.length === 1 ? 'file' : 'files'}.`);
}

async function storedFiles(connection: Connection): Promise<MetricFile[]> {
  const files: MetricFile[] = [];
  for await (const { file, yaml } of readStoredMetrics(connection)) files.push({ path: file, content: yaml });
  return files;
}
