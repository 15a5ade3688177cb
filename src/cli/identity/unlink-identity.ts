import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';

const UnlinkIdentity = graphql(`
  mutation UnlinkIdentity($input: UnlinkIdentityInput!) {
    unlinkIdentity(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on UnlinkIdentityPayload {
        identity {
          id
          issuer
          email
        }
      }
    }
  }
`);

/** Takes an account at a provider from the user it signs in: one's own, unless one is an administrator. */
export async function unlinkIdentity(id: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const result = await request(connection, UnlinkIdentity, { input: { id } });
  const { identity } = payloadOf(result.unlinkIdentity, 'UnlinkIdentityPayload');
  if (options.json) printJson(identity);
  else printNotice(`${identity.email} at ${identity.issuer} signs nobody in any more.`);
}
