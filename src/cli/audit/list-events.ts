import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import { wrongUsage } from '../failure.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';

const AuditEvents = graphql(`
  query AuditEvents($first: Int, $after: String, $actor: String, $action: String, $resource: String, $since: DateTime) {
    auditEvents(first: $first, after: $after, actor: $actor, action: $action, resource: $resource, since: $since) {
      edges {
        node {
          at
          actor
          credential
          action
          resource
          details
          requestId
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const columns = ['at', 'actor', 'credential', 'action', 'resource', 'details', 'request_id'].map((name) => ({
  name,
  type: 'VARCHAR',
}));

const largestPage = 500;

export interface ListEventsOptions extends GlobalOptions, FormatOptions {
  readonly actor?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly since?: string;
  readonly limit: number;
}

/** Prints the newest audit events that have all that the options name. */
export async function listEvents(options: ListEventsOptions): Promise<void> {
  const { actor, action, resource, limit } = options;
  const since = options.since === undefined ? undefined : readInstant(options.since);
  const connection = await openConnection(options);
  const first = Math.min(limit, largestPage);
  const events = allItems(
    async (after) =>
      (await request(connection, AuditEvents, { first, after, actor, action, resource, since })).auditEvents,
  );
  const rows: unknown[][] = [];
  for await (const event of events) {
    const { at, credential, details, requestId } = event;
    rows.push([at, event.actor, credential, event.action, event.resource, details, requestId]);
    if (rows.length === limit) break;
  }
  printList({ columns, rows }, options);
}

function readInstant(text: string): string {
  const instant = new Date(text);
  if (!/^\d{4}-/.test(text) || Number.isNaN(instant.getTime())) {
    throw wrongUsage(`${text} is no instant; write it like 2026-01-31 or 2026-01-31T09:30:00Z.`);
  }
  return instant.toISOString();
}
