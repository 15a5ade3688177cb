import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { wrongUsage } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { findUser } from './find-user.ts';

const UpdateUser = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on UpdateUserPayload {
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

/** Changes address or name; an empty name clears it. */
export async function updateUser(
  email: string,
  options: GlobalOptions & { email?: string; name?: string; json?: true },
): Promise<void> {
  if (options.email === undefined && options.name === undefined) {
    throw wrongUsage('Say what to change, by --email or --name.');
  }
  const connection = await openConnection(options);
  const { id } = await findUser(connection, email);
  const name = options.name === '' ? null : options.name;
  const result = await request(connection, UpdateUser, { input: { id, email: options.email, name } });
  const { user } = payloadOf(result.updateUser, 'UpdateUserPayload');
  if (options.json) printJson(user);
  else printNotice(`${email} is now ${user.name ? `${user.name} <${user.email}>` : user.email}.`);
}
