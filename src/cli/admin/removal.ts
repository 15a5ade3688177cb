import type { Connection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';

const Removal = graphql(`
  query Removal($id: ID!) {
    userRemoval(id: $id) {
      sessions
      tokens
      identities
      devices
      roleGrants
      externalGroups
      tableGrants
      accessRequests
      exports
    }
  }
`);

/** How much would go along with the user, by kind. */
export async function readRemoval(connection: Connection, id: string): Promise<Readonly<Record<string, number>>> {
  return { ...(await request(connection, Removal, { id })).userRemoval };
}

/** How much goes along with a user, as one line: `2 tokens, 1 roleGrant`; what there is none of is left out. */
export function describeRemoval(removal: Readonly<Record<string, number>>): string {
  const parts = Object.entries(removal).flatMap(([kind, count]) => {
    const words = kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return count > 0 ? [`${count} ${count === 1 ? words.replace(/ies$/, 'y').replace(/s$/, '') : words}`] : [];
  });
  return parts.join(', ') || 'nothing';
}
