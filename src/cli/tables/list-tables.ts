import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';

const Tables = graphql(`
  query Tables($search: String, $after: String) {
    tables(search: $search, first: 500, after: $after) {
      edges {
        node {
          sqlName
          source
          description
          isPublic
          syncState {
            status
            rows
            lastSync
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
  { name: 'sql_name', type: 'VARCHAR' },
  { name: 'source', type: 'VARCHAR' },
  { name: 'status', type: 'VARCHAR' },
  { name: 'rows', type: 'BIGINT' },
  { name: 'last_sync', type: 'VARCHAR' },
  { name: 'public', type: 'BOOLEAN' },
  { name: 'description', type: 'VARCHAR' },
];

/** Prints the tables that the viewer may read, by SQL name. */
export async function listTables(options: GlobalOptions & FormatOptions & { search?: string }): Promise<void> {
  const connection = await openConnection(options);
  const tables = allItems(
    async (after) => (await request(connection, Tables, { search: options.search, after })).tables,
  );
  const rows: unknown[][] = [];
  for await (const { sqlName, source, syncState, isPublic, description } of tables) {
    const { status, rows: count, lastSync } = syncState;
    rows.push([sqlName, source, status.toLowerCase(), count, lastSync, isPublic, description]);
  }
  printList({ columns, rows }, options);
}
