import { payloadOf } from '../connection/answer.ts';
import type { Connection } from '../connection/connection.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';
import { printNotice } from '../output/streams.ts';
import { ImportMetrics, type Imported, type MetricFault } from './documents.ts';
import type { MetricFile } from './read-metric-files.ts';

/** Sends files to the server; each fault of an import that was refused stands on stderr, and the command fails. */
export async function sendMetrics(
  connection: Connection,
  given: { files: readonly MetricFile[]; dryRun: boolean },
): Promise<Imported> {
  const { importMetrics: result } = await request(connection, ImportMetrics, {
    input: { files: [...given.files], dryRun: given.dryRun },
  });
  if (result?.__typename === 'InvalidMetricsError') {
    printFaults(result.faults);
    throw failed(given.dryRun ? countFaults(result.faults.length) : result.message);
  }
  return payloadOf(result, 'ImportMetricsPayload');
}

/** Each fault on a line of its own, as compilers write them: `file:line:column: what`. */
export function printFaults(faults: readonly MetricFault[]): void {
  for (const { file, line, column, message } of faults) printNotice(`${file}:${line}:${column}: ${message}`);
}

/** `One fault.`, `2 faults.` */
export function countFaults(count: number): string {
  return count === 1 ? 'One fault.' : `${count} faults.`;
}
