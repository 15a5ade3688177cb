import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection, type Connection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { findTable } from './find-table.ts';

const PushColumns = graphql(`
  mutation PushColumns($input: PushColumnMetadataInput!) {
    pushColumnMetadata(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on PushColumnMetadataPayload {
        columns
      }
    }
  }
`);

/** Writes what is known of a table’s columns to its source and tells which were written. */
export async function pushColumnsOf(sqlName: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const table = await findTable(connection, sqlName);
  const pushed = await pushColumns(connection, table.id);
  if (options.json) return printJson({ sqlName: table.sqlName, pushed });
  printNotice(pushedNotice(pushed));
}

/** Lets the server write to the source; resolves to the columns that were written. */
export async function pushColumns(connection: Connection, tableId: string): Promise<readonly string[]> {
  const result = await request(connection, PushColumns, { input: { tableId } });
  return payloadOf(result.pushColumnMetadata, 'PushColumnMetadataPayload').columns;
}

/** What a push did, for a person. */
export function pushedNotice(pushed: readonly string[]): string {
  if (pushed.length === 0) return 'Its source says the same already.';
  return `Written to its source: ${pushed.join(', ')}.`;
}
