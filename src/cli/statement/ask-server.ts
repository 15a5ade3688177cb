import type { Connection } from '../connection/connection.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';

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

/** The first `limit` rows of a statement that the server runs. */
export async function askServer(
  connection: Connection,
  given: { statement: string; limit: number },
): Promise<NonNullable<ResultOf<typeof Sql>['sql']>> {
  const { sql } = await request(connection, Sql, given);
  if (!sql) throw failed('The server answered nothing.');
  return sql;
}
