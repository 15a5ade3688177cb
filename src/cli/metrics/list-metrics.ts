import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';
import { Metrics } from './documents.ts';

const columns = ['metric', 'display_name', 'type', 'unit', 'grain', 'table', 'description'].map((name) => ({
  name,
  type: 'VARCHAR',
}));

/** Prints the metric definitions that the viewer may see, by category and name. */
export async function listMetrics(
  options: GlobalOptions & FormatOptions & { category?: string; search?: string },
): Promise<void> {
  const connection = await openConnection(options);
  const { category, search } = options;
  const metrics = allItems(async (after) => (await request(connection, Metrics, { category, search, after })).metrics);
  const rows: unknown[][] = [];
  for await (const metric of metrics) {
    const { name, displayName, type, unit, grain, tableName, description } = metric;
    rows.push([`${metric.category}/${name}`, displayName, type, unit, grain, tableName, description]);
  }
  printList({ columns, rows }, options);
}
