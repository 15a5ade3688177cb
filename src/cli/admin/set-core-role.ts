import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { findUser } from './find-user.ts';

const SetCoreRole = graphql(`
  mutation SetCoreRole($input: SetCoreRoleInput!) {
    setCoreRole(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on SetCoreRolePayload {
        grant {
          id
          source
          grantedBy
          grantedAt
        }
      }
    }
  }
`);

/** Makes this the only core role that the user with this e-mail address is given directly. */
export async function setCoreRole(
  given: { email: string; role: string },
  options: GlobalOptions & { json?: true },
): Promise<void> {
  const { role } = given;
  const connection = await openConnection(options);
  const { id, email } = await findUser(connection, given.email);
  const result = await request(connection, SetCoreRole, { input: { userId: id, roleKey: role } });
  const { grant } = payloadOf(result.setCoreRole, 'SetCoreRolePayload');
  if (options.json) printJson({ user: email, role, ...grant });
  else printNotice(`${email} has ${role} as the only core role given directly now.`);
}
