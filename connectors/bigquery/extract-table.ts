import type { ConnectorContext, ExtractResult, TableSink } from '../contract.ts';
import { openClient } from './client.ts';
import type { BigQueryOptions, BigQuerySource } from './config.ts';
import { copyRows, refuseMore } from './rows.ts';
import { runStatement, tableStatement, withinSeconds } from './statements.ts';
import type { Field } from './types.ts';

/** A table, as far as we read it: https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#Table */
interface TableResource {
  type?: string;
  numRows?: string;
  schema?: { fields?: Field[] };
}

/** The kinds whose rows can be listed as they are stored, which costs nothing. */
const storedKinds = ['TABLE', 'SNAPSHOT'];

/** Copies all rows: of a stored table by listing them, of a view or another kind by a job that reads it. */
export async function extractRows(
  context: ConnectorContext<BigQuerySource>,
  options: BigQueryOptions,
  sink: TableSink,
): Promise<ExtractResult> {
  const { config, signal } = context;
  signal.throwIfAborted();
  if ('statement' in options) {
    return billed(
      await runStatement(context, { statement: options.statement, limits: {}, name: 'The statement' }, sink),
    );
  }
  const client = await openClient(context);
  const name = `${options.dataset}.${options.table}`;
  const path = [config.project, 'datasets', options.dataset, 'tables', options.table];
  const table = await client.call<TableResource>({ path, doing: `find the table ${name}` }, signal);
  if (!storedKinds.includes(table.type ?? '')) {
    return billed(
      await runStatement(context, { statement: tableStatement(config, options, null), limits: {}, name }, sink),
    );
  }
  const rows = {
    fields: table.schema?.fields ?? [],
    name,
    path: [...path, 'data'],
    query: {},
    limits: { rows: config.maxRows },
  };
  refuseMore(rows, { rows: Number(table.numRows ?? 0) });
  await withinSeconds(context, config.timeoutSeconds, (limited) => copyRows(client, rows, { sink, signal: limited }));
  return { bytesBilled: '0' };
}

function billed({ bytesBilled }: { bytesBilled: string | null }): ExtractResult {
  return bytesBilled === null ? {} : { bytesBilled };
}
