import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';

const RemoveSecret = graphql(`
  mutation RemoveSecret($input: RemoveSecretInput!) {
    removeSecret(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on RemoveSecretPayload {
        secret {
          name
          isSet
          neededBy
        }
      }
    }
  }
`);

/** Takes the value of the secret of this name away. */
export async function removeSecret(name: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const result = await request(connection, RemoveSecret, { input: { name } });
  const { secret } = payloadOf(result.removeSecret, 'RemoveSecretPayload');
  if (options.json) printJson(secret);
  else printNotice(`The secret ${secret.name} has no value any more; it is needed by ${secret.neededBy.join(', ')}.`);
}
