import { notSignedIn } from '../connection/answer.ts';
import type { Connection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';

const ViewerQuery = graphql(`
  query Viewer {
    viewer {
      email
      name
      credential {
        kind
      }
      coreRole {
        key
      }
      effectiveRoles {
        role {
          key
        }
      }
    }
  }
`);

/** Who the server takes us for; throws when it knows nobody. */
export async function readViewer(connection: Connection) {
  const { viewer } = await request(connection, ViewerQuery);
  if (!viewer) throw notSignedIn(connection);
  return viewer;
}
