import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';

const RegisteredTables = graphql(`
  query RegisteredTables($after: String) {
    tables(first: 500, after: $after) {
      edges {
        node {
          id
          sqlName
          alias
          source
          name
          bucket
          isPublic
          primaryKey
          description
          syncState {
            status
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const columns = [
  'sql_name',
  'alias',
  'source',
  'name',
  'bucket',
  'public',
  'primary_key',
  'status',
  'description',
  'id',
].map((name) => ({ name, type: 'VARCHAR' }));

/** Prints every registered table with what its registration says, by SQL name; of one source when one is named. */
export async function listRegisteredTables(
  options: GlobalOptions & FormatOptions & { source?: string },
): Promise<void> {
  const connection = await openConnection(options);
  const tables = allItems(async (after) => (await request(connection, RegisteredTables, { after })).tables);
  const rows: unknown[][] = [];
  for await (const table of tables) {
    if (options.source !== undefined && table.source !== options.source) continue;
    const { sqlName, alias, source, name, bucket, isPublic, primaryKey, syncState, description, id } = table;
    const status = syncState.status.toLowerCase();
    rows.push([sqlName, alias, source, name, bucket, isPublic, primaryKey, status, description, id]);
  }
  printList({ columns, rows }, options);
}
