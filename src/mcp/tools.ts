import type { Tool } from './tool.ts';
import { describeMetric } from './tools/describe-metric.ts';
import { describeTable } from './tools/describe-table.ts';
import { explainAccess } from './tools/explain-access.ts';
import { listMetrics } from './tools/list-metrics.ts';
import { listTables } from './tools/list-tables.ts';
import { query } from './tools/query.ts';
import { runMetric } from './tools/run-metric.ts';
import { search } from './tools/search.ts';

/** Every tool, in the order in which it is listed. */
export const tools: readonly Tool[] = [
  search,
  listMetrics,
  describeMetric,
  runMetric,
  listTables,
  describeTable,
  query,
  explainAccess,
];
