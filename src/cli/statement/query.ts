import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed, wrongUsage } from '../failure.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printRows } from '../output/print-rows.ts';
import { printNotice } from '../output/streams.ts';
import { askStatement } from './ask-statement.ts';
import { runHybrid } from './hybrid.ts';

const Sql = graphql(`
  query Sql($statement: String!, $limit: Int!) {
    sql(statement: $statement, limit: $limit) {
      columns {
        name
        type
      }
      rows
      truncated
      rowCount
    }
  }
`);

export interface QueryOptions extends GlobalOptions, FormatOptions {
  readonly remote?: true;
  readonly sql?: string;
  readonly file?: string;
  readonly stdin?: true;
  readonly registerBq?: readonly string[];
  readonly source?: string;
  readonly maxBytesBilled?: string;
  readonly limit?: number;
}

const limitUnlessGiven = 1000;

/** Runs a statement on the server, with what sources answer where remotes are given, and prints its rows; that there are more is told on stderr. */
export async function query(sql: string | undefined, options: QueryOptions): Promise<void> {
  if (!options.remote && !options.registerBq && !options.stdin)
    throw wrongUsage('Local queries come with the workspace; add --remote to ask the server.');
  const connection = await openConnection(options);
  const asked = await askStatement({ ...options, argument: sql });
  const { statement, remotes } = asked;
  const limit = options.limit ?? asked.limit ?? limitUnlessGiven;
  const { source, maxBytesBilled } = options;
  const result =
    remotes.length > 0
      ? await runHybrid(connection, { ...asked, limit, source, maxBytesBilled })
      : (await request(connection, Sql, { statement, limit })).sql;
  if (!result) throw failed('The server answered nothing.');
  printRows(result, { ...options, format: options.format ?? asked.format });
  if (result.truncated) {
    printNotice(
      `These are the first ${result.rowCount} rows and there are more; raise --limit or narrow the statement.`,
    );
  }
}
