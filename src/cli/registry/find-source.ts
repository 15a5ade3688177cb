import type { Connection } from '../connection/connection.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed, type CommandFailure } from '../failure.ts';

const FindSource = graphql(`
  query FindSource($name: String!) {
    source(name: $name) {
      id
      name
      connector
      config
      createdAt
      tables {
        id
        sqlName
      }
    }
  }
`);

export type FoundSource = NonNullable<ResultOf<typeof FindSource>['source']>;

/** The source with this name; throws when there is none. */
export async function findSource(connection: Connection, name: string): Promise<FoundSource> {
  const { source } = await request(connection, FindSource, { name });
  if (source) return source;
  throw noSource(name);
}

/** The failure that says that no source is called so. */
export function noSource(name: string): CommandFailure {
  return failed(`There is no source called ${name}; \`da admin source list\` shows those there are.`);
}
