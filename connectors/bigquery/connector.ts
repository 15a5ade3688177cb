import type { Connector } from '../contract.ts';
import { openClient } from './client.ts';
import {
  adcVariable,
  keyVariable,
  environmentPrefix,
  sourceConfig,
  tableOptions,
  type BigQueryOptions,
  type BigQuerySource,
} from './config.ts';
import { discoverTables, refuseOtherLocation } from './discover.ts';
import { extractRows } from './extract-table.ts';
import { dryRun } from './jobs.ts';
import { estimateStatement, runStatement, tableStatement } from './statements.ts';

/** Tables, views and statements of Google BigQuery, by its REST interface. */
export const connector: Connector<BigQuerySource, BigQueryOptions> = {
  kind: 'bigquery',
  displayName: 'BigQuery',
  description: 'Tables and views of a project in Google BigQuery, and the results of statements that run there.',
  environment: [adcVariable, keyVariable],
  secrets: [keyVariable],
  environmentPrefix,
  sourceConfig,
  tableOptions,

  async check(context) {
    const client = await openClient(context);
    await refuseOtherLocation(client, context.signal);
    await dryRun(client, 'SELECT 1 AS one', context.signal);
  },

  async discover(context) {
    return discoverTables(await openClient(context), context.signal);
  },

  extract: (context, table, sink) => extractRows(context, table.options, sink),

  statements: {
    estimate: (context, { statement }) => estimateStatement(context, statement),
    run: (context, { statement, limits }, sink) =>
      runStatement(context, { statement, limits, name: 'The statement' }, sink),
    tableStatement,
  },
};
