import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed, wrongUsage } from '../failure.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printRows } from '../output/print-rows.ts';
import { printNotice } from '../output/streams.ts';
import { readStatement } from './read-statement.ts';

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
  readonly file?: string;
  readonly limit: number;
}

/** Runs a statement on the server and prints its rows; that there are more is told on stderr. */
export async function query(sql: string | undefined, options: QueryOptions): Promise<void> {
  if (!options.remote) throw wrongUsage('Local queries come with the workspace; add --remote to ask the server.');
  const connection = await openConnection(options);
  const statement = await readStatement(sql, options.file);
  const { sql: result } = await request(connection, Sql, { statement, limit: options.limit });
  if (!result) throw failed('The server answered nothing.');
  printRows(result, options);
  if (result.truncated) {
    printNotice(
      `These are the first ${result.rowCount} rows and there are more; raise --limit or narrow the statement.`,
    );
  }
}
