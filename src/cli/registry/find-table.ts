import type { Connection } from '../connection/connection.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';

const FindTable = graphql(`
  query FindTable($sqlName: String!) {
    table(sqlName: $sqlName) {
      id
      sqlName
    }
  }
`);

export type FoundTable = NonNullable<ResultOf<typeof FindTable>['table']>;

/** The table with this SQL name; throws when there is none. */
export async function findTable(connection: Connection, sqlName: string): Promise<FoundTable> {
  const { table } = await request(connection, FindTable, { sqlName });
  if (table) return table;
  throw failed(`There is no table ${sqlName}; \`da admin table list\` shows those there are.`);
}
