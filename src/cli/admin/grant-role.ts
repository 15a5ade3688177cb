import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { readInstant } from './read-instant.ts';
import { findUser } from './find-user.ts';

const GrantRole = graphql(`
  mutation GrantRole($input: GrantRoleInput!) {
    grantRole(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on GrantRolePayload {
        grant {
          id
          source
          grantedBy
          grantedAt
          startsAt
          expiresAt
        }
      }
    }
  }
`);

/** Gives the user with this e-mail address the role, for ever or from one instant until another. */
export async function grantRole(
  given: { email: string; role: string },
  options: GlobalOptions & { json?: true; startsAt?: string; expiresAt?: string },
): Promise<void> {
  const { role } = given;
  const startsAt = readInstant('--starts-at', options.startsAt);
  const expiresAt = readInstant('--expires-at', options.expiresAt);
  const connection = await openConnection(options);
  const { id, email } = await findUser(connection, given.email);
  const result = await request(connection, GrantRole, { input: { userId: id, roleKey: role, startsAt, expiresAt } });
  const { grant } = payloadOf(result.grantRole, 'GrantRolePayload');
  if (options.json) printJson({ user: email, role, ...grant });
  else printNotice(`${email} has the role ${role} ${describePeriod(grant)}.`);
}

function describePeriod({ startsAt, expiresAt }: { startsAt: string | null; expiresAt: string | null }): string {
  const from = startsAt === null ? 'now' : `from ${startsAt}`;
  return expiresAt === null ? from : `${from} until ${expiresAt}`;
}
