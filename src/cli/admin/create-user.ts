import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';

const CreateUser = graphql(`
  mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on CreateUserPayload {
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

/** Adds a user. */
export async function createUser(
  email: string,
  options: GlobalOptions & { name?: string; json?: true },
): Promise<void> {
  const connection = await openConnection(options);
  const result = await request(connection, CreateUser, { input: { email, name: options.name } });
  const { user } = payloadOf(result.createUser, 'CreateUserPayload');
  if (options.json) printJson(user);
  else printNotice(`${user.email} is a user now; give a role by \`da admin grant-role\`.`);
}
