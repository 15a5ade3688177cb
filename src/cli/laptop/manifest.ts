import type { Connection } from '../connection/connection.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';

const ManifestQuery = graphql(`
  query Manifest($since: String) {
    manifest(since: $since) {
      version
      unchanged
      metrics {
        category
        name
        displayName
        description
        unit
        tableName
      }
      tables {
        isChosen
        table {
          id
          sqlName
          alias
          description
          queryMode
          columns {
            name
            type
            description
          }
          files {
            sha256
            sizeBytes
          }
        }
      }
    }
  }
`);

export type Manifest = NonNullable<ResultOf<typeof ManifestQuery>['manifest']>;
export type ManifestTable = Manifest['tables'][number];

/** What the person may have on a laptop now; its lists are empty when the manifest is still that of `since`. */
export async function readManifest(connection: Connection, since: string | null): Promise<Manifest> {
  const { manifest } = await request(connection, ManifestQuery, { since });
  if (!manifest) throw failed('The server answered nothing.');
  return manifest;
}
