import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { findUser } from './find-user.ts';
import { printLink } from './given-link.ts';

const SendPasswordReset = graphql(`
  mutation SendPasswordReset($input: SendPasswordResetInput!) {
    sendPasswordReset(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on SendPasswordResetPayload {
        reset {
          link
          expiresAt
          mailSent
        }
      }
    }
  }
`);

/** Lets the user with this e-mail address choose a new password. */
export async function resetPassword(email: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const user = await findUser(connection, email);
  const result = await request(connection, SendPasswordReset, { input: { userId: user.id } });
  const { reset } = payloadOf(result.sendPasswordReset, 'SendPasswordResetPayload');
  printLink({ user: user.email, link: reset }, options);
}
