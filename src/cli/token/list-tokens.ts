import type { GlobalOptions } from '../command.ts';
import { notSignedIn } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';
import { tokenColumns, tokenRow } from './token-rows.ts';

const OwnTokens = graphql(`
  query OwnTokens {
    viewer {
      tokens {
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
  }
`);

/** Prints the tokens of whoever is signed in. */
export async function listTokens(options: GlobalOptions & FormatOptions): Promise<void> {
  const connection = await openConnection(options);
  const { viewer } = await request(connection, OwnTokens);
  if (!viewer) throw notSignedIn(connection);
  printList({ columns: tokenColumns, rows: viewer.tokens.map(tokenRow) }, options);
}
