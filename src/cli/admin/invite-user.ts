import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { findUser } from './find-user.ts';
import { printLink } from './given-link.ts';

const InviteUser = graphql(`
  mutation InviteUser($input: InviteUserInput!) {
    inviteUser(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on InviteUserPayload {
        invitation {
          link
          expiresAt
          mailSent
        }
      }
    }
  }
`);

/** Invites the user with this e-mail address to choose a password. */
export async function inviteUser(email: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const user = await findUser(connection, email);
  const result = await request(connection, InviteUser, { input: { userId: user.id } });
  const { invitation } = payloadOf(result.inviteUser, 'InviteUserPayload');
  printLink({ user: user.email, link: invitation }, options);
}
