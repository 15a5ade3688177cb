import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { describeRemoved } from './describe-removed.ts';
import { findSource } from './find-source.ts';

const DeleteSource = graphql(`
  mutation DeleteSource($input: DeleteSourceInput!) {
    deleteSource(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on SourceHasTablesError {
        tables {
          sqlName
        }
        wouldRemove {
          tables
          tableGrants
          files
          sizeBytes
        }
      }
      ... on DeleteSourcePayload {
        id
        name
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

/** Removes a source; one with tables only with `removeTables`, and says what would be lost otherwise. */
export async function deleteSource(
  name: string,
  options: GlobalOptions & { removeTables?: true; json?: true },
): Promise<void> {
  const connection = await openConnection(options);
  const { id } = await findSource(connection, name);
  const { deleteSource: result } = await request(connection, DeleteSource, {
    input: { id, removeTables: options.removeTables ?? false },
  });
  if (result?.__typename === 'SourceHasTablesError') {
    const names = result.tables.map(({ sqlName }) => sqlName).join(', ');
    const lost = describeRemoved(result.wouldRemove);
    throw failed(`The source ${name} has tables: ${names}. With --remove-tables it goes along with ${lost}.`);
  }
  const gone = payloadOf(result, 'DeleteSourcePayload');
  if (options.json) printJson(gone);
  else printNotice(`The source ${gone.name} is gone, and with it ${describeRemoved(gone.removed)}.`);
}
