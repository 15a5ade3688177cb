import type { Connection } from '../connection/connection.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import { MetricFiles } from './documents.ts';

/** Every definition that the viewer may see, as the file that an export writes. */
export function readStoredMetrics(connection: Connection): AsyncGenerator<{ file: string; yaml: string }, void> {
  return allItems(async (after) => (await request(connection, MetricFiles, { after })).metrics);
}
