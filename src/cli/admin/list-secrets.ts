import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';

const Secrets = graphql(`
  query Secrets {
    instance {
      secrets {
        name
        isSet
        fixedByEnvironment
        neededBy
      }
    }
  }
`);

const columns = [
  { name: 'name', type: 'VARCHAR' },
  { name: 'is_set', type: 'BOOLEAN' },
  { name: 'fixed_by_environment', type: 'BOOLEAN' },
  { name: 'needed_by', type: 'VARCHAR' },
];

/** Prints the secrets that something on the server needs. */
export async function listSecrets(options: GlobalOptions & FormatOptions): Promise<void> {
  const connection = await openConnection(options);
  const { instance } = await request(connection, Secrets, {});
  const rows = (instance?.secrets ?? []).map(({ name, isSet, fixedByEnvironment, neededBy }) => [
    name,
    isSet,
    fixedByEnvironment,
    neededBy.join(', '),
  ]);
  printList({ columns, rows }, options);
}
