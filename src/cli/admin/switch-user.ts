import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { findUser } from './find-user.ts';

const DeactivateUser = graphql(`
  mutation DeactivateUser($input: DeactivateUserInput!) {
    deactivateUser(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on DeactivateUserPayload {
        user {
          id
          email
          name
          active
        }
      }
    }
  }
`);

const ActivateUser = graphql(`
  mutation ActivateUser($input: ActivateUserInput!) {
    activateUser(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on ActivateUserPayload {
        user {
          id
          email
          name
          active
        }
      }
    }
  }
`);

/** Shuts the user with this e-mail address out. */
export async function deactivateUser(email: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const { id } = await findUser(connection, email);
  const result = await request(connection, DeactivateUser, { input: { id } });
  const { user } = payloadOf(result.deactivateUser, 'DeactivateUserPayload');
  if (options.json) printJson(user);
  else printNotice(`${user.email} is shut out now.`);
}

/** Lets the user with this e-mail address in again. */
export async function activateUser(email: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const { id } = await findUser(connection, email);
  const result = await request(connection, ActivateUser, { input: { id } });
  const { user } = payloadOf(result.activateUser, 'ActivateUserPayload');
  if (options.json) printJson(user);
  else printNotice(`${user.email} may sign in again.`);
}
