import { createInterface } from 'node:readline/promises';
import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed, wrongUsage } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { noUser } from './find-user.ts';
import { describeRemoval, readRemoval } from './removal.ts';

const UserToDelete = graphql(`
  query UserToDelete($email: String!) {
    user(email: $email) {
      id
      email
    }
  }
`);

const DeleteUser = graphql(`
  mutation DeleteUser($input: DeleteUserInput!) {
    deleteUser(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on DeleteUserPayload {
        email
        removed {
          sessions
          tokens
          roleGrants
          externalGroups
          tableGrants
          accessRequests
          exports
        }
      }
    }
  }
`);

/** Deletes a user, once the person has seen what goes along and agreed; `--yes` agrees beforehand. */
export async function deleteUser(email: string, options: GlobalOptions & { yes?: true; json?: true }): Promise<void> {
  if (!options.yes && !process.stdin.isTTY) {
    throw wrongUsage('Nobody can be asked here; look by `da admin user show`, then add --yes.');
  }
  const connection = await openConnection(options);
  const { user } = await request(connection, UserToDelete, { email });
  if (!user) throw noUser(email);
  if (!options.json)
    printNotice(`With ${user.email} goes: ${describeRemoval(await readRemoval(connection, user.id))}.`);
  if (!options.yes && !(await agrees(user.email))) throw failed('Nothing was deleted.');
  const result = await request(connection, DeleteUser, { input: { id: user.id } });
  const { removed } = payloadOf(result.deleteUser, 'DeleteUserPayload');
  if (options.json) printJson({ email: user.email, removed });
  else printNotice(`${user.email} is deleted.`);
}

async function agrees(email: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`Delete ${email} for good? Type yes: `)).trim() === 'yes';
  } finally {
    terminal.close();
  }
}
