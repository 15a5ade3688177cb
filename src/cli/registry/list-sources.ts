import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';

const Sources = graphql(`
  query Sources {
    sources {
      name
      connector
      createdAt
      tables {
        id
      }
    }
  }
`);

const columns = [
  { name: 'name', type: 'VARCHAR' },
  { name: 'connector', type: 'VARCHAR' },
  { name: 'tables', type: 'BIGINT' },
  { name: 'created_at', type: 'VARCHAR' },
];

/** Prints every source, by name. */
export async function listSources(options: GlobalOptions & FormatOptions): Promise<void> {
  const { sources } = await request(await openConnection(options), Sources);
  const rows = (sources ?? []).map(({ name, connector, tables, createdAt }) => [
    name,
    connector,
    tables.length,
    createdAt,
  ]);
  printList({ columns, rows }, options);
}
