import type { Connection } from '../connection/connection.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';

const Users = graphql(`
  query Users($after: String) {
    users(first: 500, after: $after) {
      edges {
        node {
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
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type FoundUser = NonNullable<ResultOf<typeof Users>['users']>['edges'][number]['node'];

/** The user with this e-mail address and the roles given directly; throws when there is none. */
export function findUser(connection: Connection, email: string): Promise<FoundUser> {
  return userOf(
    allItems(async (after) => (await request(connection, Users, { after })).users),
    email,
  );
}

/** The one of these users with the e-mail address, upper and lower case alike; throws when there is none. */
export async function userOf<User extends { email: string }>(users: AsyncIterable<User>, email: string): Promise<User> {
  const wanted = email.trim().toLowerCase();
  for await (const user of users) if (user.email === wanted) return user;
  throw failed(`There is no user with the e-mail address ${email}.`);
}
