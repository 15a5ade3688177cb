import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { findUser } from './find-user.ts';

const RevokeRole = graphql(`
  mutation RevokeRole($input: RevokeRoleInput!) {
    revokeRole(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on RevokeRolePayload {
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

/** Takes the direct grant of the role away from the user with this e-mail address. */
export async function revokeRole(
  given: { email: string; role: string },
  options: GlobalOptions & { json?: true },
): Promise<void> {
  const { role } = given;
  const connection = await openConnection(options);
  const { email, roleGrants } = await findUser(connection, given.email);
  const held = roleGrants.find((grant) => grant.role?.key === role);
  if (!held) {
    throw failed(
      `${email} was not given the role ${role} directly; \`da admin effective-roles ${email}\` shows what gives it.`,
    );
  }
  const result = await request(connection, RevokeRole, { input: { grantId: held.id } });
  const { grant } = payloadOf(result.revokeRole, 'RevokeRolePayload');
  if (options.json) printJson({ user: email, role, ...grant });
  else printNotice(`${email} has no direct grant of the role ${role} any more.`);
}
