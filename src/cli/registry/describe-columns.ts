import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { wrongUsage } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { findTable } from './find-table.ts';
import { readJsonObject } from './json-object.ts';
import { pushColumns, pushedNotice } from './push-columns.ts';

const DescribeColumns = graphql(`
  mutation DescribeColumns($input: DescribeColumnsInput!) {
    describeColumns(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on DescribeColumnsPayload {
        table {
          sqlName
          columns {
            name
            type
            description
            descriptionSource
          }
        }
      }
    }
  }
`);

/** Says what columns of a table mean, and with `push` tells its source. */
export async function describeColumns(
  given: { sqlName: string; columns: string },
  options: GlobalOptions & { push?: true; json?: true },
): Promise<void> {
  const columns = await readDescriptions(given.columns);
  const connection = await openConnection(options);
  const { id } = await findTable(connection, given.sqlName);
  const result = await request(connection, DescribeColumns, { input: { tableId: id, columns } });
  const { table } = payloadOf(result.describeColumns, 'DescribeColumnsPayload');
  const pushed = options.push ? await pushColumns(connection, id) : null;
  if (options.json) return printJson({ ...table, ...(pushed && { pushed }) });
  const described = table.columns.filter(({ description }) => description !== null).length;
  printNotice(`${described} of ${table.columns.length} columns of ${table.sqlName} are described.`);
  if (pushed) printNotice(pushedNotice(pushed));
}

async function readDescriptions(given: string): Promise<{ name: string; description: string | null }[]> {
  const columns = await readJsonObject(given, '<columns>');
  return Object.entries(columns).map(([name, description]) => {
    if (typeof description === 'string' || description === null) return { name, description };
    throw wrongUsage(`<columns> takes a text or null for ${JSON.stringify(name)}, such as {"state": "open or paid"}.`);
  });
}
