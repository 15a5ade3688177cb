import type { Connection } from '../connection/connection.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { noSource } from './find-source.ts';

const DiscoverTables = graphql(`
  query DiscoverTables($source: String!) {
    discoverTables(source: $source) {
      name
      description
      bucket
      primaryKey
      options
      registered {
        sqlName
      }
    }
  }
`);

export type OfferedTable = NonNullable<ResultOf<typeof DiscoverTables>['discoverTables']>[number];

/** What the source with this name offers now; throws when there is none. */
export async function offeredTables(connection: Connection, source: string): Promise<readonly OfferedTable[]> {
  const { discoverTables } = await request(connection, DiscoverTables, { source });
  if (discoverTables) return discoverTables;
  throw noSource(source);
}
