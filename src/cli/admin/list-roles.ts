import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';

const Roles = graphql(`
  query Roles {
    roles {
      key
      displayName
      ownerModule
      isCore
      implies {
        key
      }
      grantCount
      mappingCount
    }
  }
`);

const columns = [
  { name: 'key', type: 'VARCHAR' },
  { name: 'name', type: 'VARCHAR' },
  { name: 'owner', type: 'VARCHAR' },
  { name: 'core', type: 'BOOLEAN' },
  { name: 'grants', type: 'INTEGER' },
  { name: 'mappings', type: 'INTEGER' },
  { name: 'implies', type: 'VARCHAR' },
];

/** Prints all roles by key. */
export async function listRoles(options: GlobalOptions & FormatOptions): Promise<void> {
  const connection = await openConnection(options);
  const { roles } = await request(connection, Roles, {});
  const rows = (roles ?? []).map((role) => [
    role.key,
    role.displayName,
    role.ownerModule,
    role.isCore,
    role.grantCount,
    role.mappingCount,
    role.implies.map(({ key }) => key).join(', '),
  ]);
  printList({ columns, rows }, options);
}
