import type { Connection } from '../connection/connection.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed, type CommandFailure } from '../failure.ts';

const FindUser = graphql(`
  query FindUser($email: String!) {
    user(email: $email) {
      id
      email
      roleGrants {
        id
        role {
          key
        }
      }
    }
  }
`);

type FoundUser = NonNullable<ResultOf<typeof FindUser>['user']>;

/** The user with this e-mail address and the roles given directly; throws when there is none. */
export async function findUser(connection: Connection, email: string): Promise<FoundUser> {
  const { user } = await request(connection, FindUser, { email });
  if (!user) throw noUser(email);
  return user;
}

/** The failure that says that nobody has this e-mail address. */
export function noUser(email: string): CommandFailure {
  return failed(`There is no user with the e-mail address ${email}.`);
}
