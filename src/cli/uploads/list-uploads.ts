import { findUser } from '../admin/find-user.ts';
import type { GlobalOptions } from '../command.ts';
import { notSignedIn } from '../connection/answer.ts';
import { graphql } from '../connection/graphql.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';
import { openWorkspaceConnection } from '../workspace/open-workspace-connection.ts';

const OwnUploads = graphql(`
  query OwnUploads($after: String) {
    viewer {
      uploads(first: 500, after: $after) {
        edges {
          node {
            id
            name
            kind
            sizeBytes
            sha256
            storedAt
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

const AllUploads = graphql(`
  query AllUploads($user: ID, $after: String) {
    uploads(user: $user, first: 500, after: $after) {
      edges {
        node {
          owner {
            email
          }
          id
          name
          kind
          sizeBytes
          sha256
          storedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const columns = ['id', 'name', 'kind', 'size_bytes', 'sha256', 'stored_at'];

interface ListedUpload {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly sizeBytes: string;
  readonly sha256: string;
  readonly storedAt: string;
}

/** Prints what one has sent; for administrators, what everybody or one user has. */
export async function listUploads(
  options: GlobalOptions & FormatOptions & { all?: true; user?: string },
): Promise<void> {
  const connection = await openWorkspaceConnection(options);
  const rows: unknown[][] = [];
  if (options.all || options.user !== undefined) {
    const user = options.user === undefined ? null : (await findUser(connection, options.user)).id;
    const uploads = allItems(async (after) => (await request(connection, AllUploads, { user, after })).uploads);
    for await (const upload of uploads) rows.push([upload.owner?.email, ...rowOf(upload)]);
    return printList({ columns: ['owner', ...columns].map(asText), rows }, options);
  }
  const uploads = allItems(async (after) => {
    const { viewer } = await request(connection, OwnUploads, { after });
    if (!viewer) throw notSignedIn(connection);
    return viewer.uploads;
  });
  for await (const upload of uploads) rows.push(rowOf(upload));
  printList({ columns: columns.map(asText), rows }, options);
}

function rowOf({ id, name, kind, sizeBytes, sha256, storedAt }: ListedUpload): unknown[] {
  return [id, name, kind, sizeBytes, sha256, storedAt];
}

function asText(name: string): { name: string; type: string } {
  return { name, type: name === 'size_bytes' ? 'BIGINT' : 'VARCHAR' };
}
