import { findUser } from '../admin/find-user.ts';
import type { GlobalOptions } from '../command.ts';
import { notSignedIn } from '../connection/answer.ts';
import { openConnection, type Connection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';

const OwnIdentities = graphql(`
  query OwnIdentities {
    viewer {
      identities {
        id
        provider
        issuer
        email
        linkedAt
        lastUsedAt
      }
    }
  }
`);

const IdentitiesOf = graphql(`
  query IdentitiesOf($id: ID!) {
    user(id: $id) {
      identities {
        id
        provider
        issuer
        email
        linkedAt
        lastUsedAt
      }
    }
  }
`);

const columns = ['id', 'provider', 'issuer', 'email', 'linked_at', 'last_used_at'].map((name) => ({
  name,
  type: 'VARCHAR',
}));

/** Prints the accounts at providers of whoever is signed in, or of one user. */
export async function listIdentities(options: GlobalOptions & FormatOptions & { user?: string }): Promise<void> {
  const connection = await openConnection(options);
  const identities = await (options.user === undefined ? own(connection) : of(connection, options.user));
  const rows = identities.map(({ id, provider, issuer, email, linkedAt, lastUsedAt }) => [
    id,
    provider,
    issuer,
    email,
    linkedAt,
    lastUsedAt,
  ]);
  printList({ columns, rows }, options);
}

async function own(connection: Connection) {
  const { viewer } = await request(connection, OwnIdentities);
  if (!viewer) throw notSignedIn(connection);
  return viewer.identities;
}

async function of(connection: Connection, email: string) {
  const { id } = await findUser(connection, email);
  return (await request(connection, IdentitiesOf, { id })).user?.identities ?? [];
}
