import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';

const SyncStatus = graphql(`
  query SyncStatus($after: String) {
    tables(first: 500, after: $after) {
      edges {
        node {
          sqlName
          source
          schedule
          nextDueAt
          syncState {
            status
            lastSync
            rows
            error
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
  { name: 'table', type: 'VARCHAR' },
  { name: 'status', type: 'VARCHAR' },
  { name: 'last_sync', type: 'VARCHAR' },
  { name: 'schedule', type: 'VARCHAR' },
  { name: 'next_due', type: 'VARCHAR' },
  { name: 'rows', type: 'BIGINT' },
  { name: 'error', type: 'VARCHAR' },
];

/** Prints of each table that the viewer may read when it was synced, when it is due and what went wrong. */
export async function showStatus(options: GlobalOptions & FormatOptions & { source?: string }): Promise<void> {
  const connection = await openConnection(options);
  const tables = allItems(async (after) => (await request(connection, SyncStatus, { after })).tables);
  const rows: unknown[][] = [];
  for await (const { sqlName, source, schedule, nextDueAt, syncState } of tables) {
    if (options.source !== undefined && source !== options.source) continue;
    const { status, lastSync, rows: count, error } = syncState;
    rows.push([sqlName, status.toLowerCase(), lastSync, schedule, nextDueAt, count, error]);
  }
  printList({ columns, rows }, options);
}
