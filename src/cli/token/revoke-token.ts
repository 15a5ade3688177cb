import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';

const RevokeToken = graphql(`
  mutation RevokeToken($input: RevokeTokenInput!) {
    revokeToken(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on RevokeTokenPayload {
        token {
          id
          name
          revokedAt
        }
      }
    }
  }
`);

/** Ends the token with this id, which must be one's own unless one is an administrator. */
export async function revokeToken(id: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const result = await request(connection, RevokeToken, { input: { id } });
  const { token } = payloadOf(result.revokeToken, 'RevokeTokenPayload');
  if (options.json) printJson(token);
  else printNotice(`The token ${token.name} has ended.`);
}
