import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';
import { durationText } from './print-run.ts';

const SyncRuns = graphql(`
  query SyncRuns($source: String, $first: Int) {
    syncRuns(source: $source, first: $first) {
      edges {
        node {
          id
          state
          requestedBy
          queuedAt
          durationMs
          error
          source {
            name
          }
          tables {
            state
          }
        }
      }
    }
  }
`);

const columns = [
  { name: 'run', type: 'VARCHAR' },
  { name: 'source', type: 'VARCHAR' },
  { name: 'state', type: 'VARCHAR' },
  { name: 'tables', type: 'BIGINT' },
  { name: 'failed', type: 'BIGINT' },
  { name: 'queued_at', type: 'VARCHAR' },
  { name: 'duration', type: 'VARCHAR' },
  { name: 'requested_by', type: 'VARCHAR' },
  { name: 'error', type: 'VARCHAR' },
];

export interface ListRunsOptions extends GlobalOptions, FormatOptions {
  readonly source?: string;
  readonly limit?: number;
}

/** Prints the newest runs, newest first. */
export async function listRuns(options: ListRunsOptions): Promise<void> {
  const connection = await openConnection(options);
  const variables = { source: options.source, first: options.limit };
  const { syncRuns } = await request(connection, SyncRuns, variables);
  const rows = (syncRuns?.edges ?? []).map(({ node }) => [
    node.id,
    node.source?.name ?? '',
    node.state.toLowerCase(),
    String(node.tables.length),
    String(node.tables.filter(({ state }) => state === 'FAILED').length),
    node.queuedAt,
    durationText(node.durationMs),
    node.requestedBy,
    node.error,
  ]);
  printList({ columns, rows }, options);
}
