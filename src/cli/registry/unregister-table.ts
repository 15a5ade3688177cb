import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { describeRemoved } from './describe-removed.ts';
import { findTable } from './find-table.ts';

const UnregisterTable = graphql(`
  mutation UnregisterTable($input: UnregisterTableInput!) {
    unregisterTable(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on UnregisterTablePayload {
        id
        sqlName
        removed {
          tables
          tableGrants
          files
          sizeBytes
        }
      }
    }
  }
`);

/** Removes a table with its grants and what it holds. */
export async function unregisterTable(sqlName: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const { id } = await findTable(connection, sqlName);
  const result = await request(connection, UnregisterTable, { input: { id } });
  const gone = payloadOf(result.unregisterTable, 'UnregisterTablePayload');
  if (options.json) printJson(gone);
  else printNotice(`${gone.sqlName} is gone: ${describeRemoved(gone.removed)}.`);
}
