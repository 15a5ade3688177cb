import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printRows } from '../output/print-rows.ts';
import { printNotice } from '../output/streams.ts';
import { RunMetric } from './documents.ts';
import { noSuchMetric } from './show-metric.ts';

export interface RunMetricOptions extends GlobalOptions, FormatOptions {
  readonly variant?: string;
  readonly from?: string;
  readonly to?: string;
  /** Values by dimension. */
  readonly filter?: Readonly<Record<string, readonly string[]>>;
  readonly limit: number;
}

/** Runs a metric on the server and prints its rows; that there are more is told on stderr. */
export async function runMetric(id: string, options: RunMetricOptions): Promise<void> {
  const { variant, from, to, limit } = options;
  const filters = Object.entries(options.filter ?? {}).map(([dimension, values]) => ({
    dimension,
    values: [...values],
  }));
  const connection = await openConnection(options);
  const { runMetric: result } = await request(connection, RunMetric, { id, variant, from, to, filters, limit });
  if (!result) throw noSuchMetric(id);
  printRows(result, options);
  if (result.truncated) printNotice(`These are the first ${result.rowCount} rows and there are more; raise --limit.`);
}
