import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';

const GroupMappings = graphql(`
  query GroupMappings {
    groupMappings {
      id
      externalGroupId
      role {
        key
      }
      assignedBy
      assignedAt
    }
  }
`);

const columns = ['id', 'group', 'role', 'assigned_by', 'assigned_at'].map((name) => ({ name, type: 'VARCHAR' }));

/** Prints all mappings by group and role. */
export async function listMappings(options: GlobalOptions & FormatOptions): Promise<void> {
  const connection = await openConnection(options);
  const { groupMappings } = await request(connection, GroupMappings, {});
  const rows = (groupMappings ?? []).map(({ id, externalGroupId, role, assignedBy, assignedAt }) => [
    id,
    externalGroupId,
    role?.key,
    assignedBy,
    assignedAt,
  ]);
  printList({ columns, rows }, options);
}
