import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';

const Users = graphql(`
  query Users($search: String, $after: String) {
    users(search: $search, first: 500, after: $after) {
      edges {
        node {
          email
          name
          active
          coreRole {
            key
          }
          createdAt
          lastSeenAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const columns = ['email', 'name', 'active', 'core_role', 'created_at', 'last_seen_at'].map((name) => ({
  name,
  type: 'VARCHAR',
}));

/** Prints all users, or those who match `--search`. */
export async function listUsers(options: GlobalOptions & FormatOptions & { search?: string }): Promise<void> {
  const connection = await openConnection(options);
  const { search } = options;
  const users = allItems(async (after) => (await request(connection, Users, { search, after })).users);
  const rows: unknown[][] = [];
  for await (const { email, name, active, coreRole, createdAt, lastSeenAt } of users) {
    rows.push([email, name, active, coreRole?.key, createdAt, lastSeenAt]);
  }
  printList({ columns, rows }, options);
}
