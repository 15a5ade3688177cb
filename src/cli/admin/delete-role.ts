import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';

const DeleteRole = graphql(`
  mutation DeleteRole($input: DeleteRoleInput!) {
    deleteRole(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on DeleteRolePayload {
        key
        removed {
          roleGrants
          groupMappings
          tableGrants
          impliedBy {
            key
          }
        }
      }
    }
  }
`);

/** Removes the role with this key, with all its uses when `removeUses` says so. */
export async function deleteRole(
  key: string,
  options: GlobalOptions & { json?: true; removeUses?: true },
): Promise<void> {
  const connection = await openConnection(options);
  const result = await request(connection, DeleteRole, { input: { key, removeUses: options.removeUses } });
  if (result.deleteRole?.__typename === 'RoleInUseError') {
    throw failed(result.deleteRole.message.replace('removeUses', '--remove-uses'));
  }
  const { key: former, removed } = payloadOf(result.deleteRole, 'DeleteRolePayload');
  if (options.json) return printJson({ key: former, removed });
  const { roleGrants, groupMappings, tableGrants, impliedBy } = removed;
  printNotice(
    `The role ${former} is gone, with ${roleGrants} role grants, ${groupMappings} group mappings, ${tableGrants} table grants ` +
      `and its place in ${impliedBy.length} other roles.`,
  );
}
