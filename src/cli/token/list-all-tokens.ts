import { findUser } from '../admin/find-user.ts';
import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';
import { tokenColumns, tokenRow } from './token-rows.ts';

const AllTokens = graphql(`
  query AllTokens($user: ID, $after: String) {
    tokens(user: $user, first: 500, after: $after) {
      edges {
        node {
          owner {
            email
          }
          id
          name
          prefix
          createdAt
          expiresAt
          revokedAt
          lastUsedAt
          lastUsedAddress
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** Prints the tokens of everybody, or of one user. */
export async function listAllTokens(options: GlobalOptions & FormatOptions & { user?: string }): Promise<void> {
  const connection = await openConnection(options);
  const user = options.user === undefined ? null : (await findUser(connection, options.user)).id;
  const tokens = allItems(async (after) => (await request(connection, AllTokens, { user, after })).tokens);
  const rows: unknown[][] = [];
  for await (const token of tokens) rows.push([token.owner?.email, ...tokenRow(token)]);
  printList({ columns: [{ name: 'owner', type: 'VARCHAR' }, ...tokenColumns], rows }, options);
}
