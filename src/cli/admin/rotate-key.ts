import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';

const RotateSigningKey = graphql(`
  mutation RotateSigningKey($input: RotateSigningKeyInput!) {
    rotateSigningKey(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on RotateSigningKeyPayload {
        signingKey {
          keyId
          createdAt
        }
        removedKeys {
          keyId
          createdAt
        }
      }
    }
  }
`);

/** Makes a new signing key; with `now` the older ones end at once. */
export async function rotateKey(options: GlobalOptions & { now?: true; json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const result = await request(connection, RotateSigningKey, { input: { now: options.now } });
  const { signingKey, removedKeys } = payloadOf(result.rotateSigningKey, 'RotateSigningKeyPayload');
  if (options.json) return printJson({ signingKey, removedKeys });
  const ended = removedKeys.length === 0 ? '' : `; ended: ${removedKeys.map(({ keyId }) => keyId).join(', ')}`;
  printNotice(`${signingKey.keyId} signs from now on${ended}.`);
}
