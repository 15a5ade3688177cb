import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { readEnvironment } from '../environment.ts';
import { failed, wrongUsage } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { findWorkspace } from '../workspace/workspace.ts';
import { readManifest } from './manifest.ts';

const ChooseSyncTables = graphql(`
  mutation ChooseSyncTables($input: ChooseSyncTablesInput!) {
    chooseSyncTables(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on ChooseSyncTablesPayload {
        manifest {
          version
        }
      }
    }
  }
`);

/** Says which tables come to the person's laptops: those with these SQL names, or all. */
export async function chooseTables(
  sqlNames: readonly string[],
  options: GlobalOptions & { all?: true; json?: true },
): Promise<void> {
  if (options.all ? sqlNames.length > 0 : sqlNames.length === 0) {
    throw wrongUsage('Name the tables that you want on your laptops, such as `shop.orders`, or say --all.');
  }
  const here = await findWorkspace().catch(() => null);
  const server = options.server ?? readEnvironment().server ?? here?.server;
  const connection = await openConnection({ ...options, ...(server !== undefined && { server }) });
  const { tables } = await readManifest(connection, null);
  const tableIds = sqlNames.map((name) => {
    const found = tables.find(({ table }) => table.sqlName === name || table.alias === name);
    if (found) return found.table.id;
    throw failed(`There is no table ${name} that you may read; \`da tables list\` shows those there are.`);
  });
  const { chooseSyncTables } = await request(connection, ChooseSyncTables, {
    input: { tableIds: options.all ? null : tableIds },
  });
  payloadOf(chooseSyncTables, 'ChooseSyncTablesPayload');
  if (options.json) printJson({ all: options.all === true, tables: sqlNames });
  else printNotice(`${options.all ? 'All tables that you may read' : sqlNames.join(', ')} will come with \`da sync\`.`);
}
