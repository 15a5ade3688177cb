import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';
import { printData, printJson } from '../output/streams.ts';
import { visible } from '../output/visible.ts';

const RoleWithMappings = graphql(`
  query RoleWithMappings($key: String!) {
    role(key: $key) {
      key
      displayName
      description
      ownerModule
      isCore
      implies {
        key
      }
      impliedBy {
        key
      }
      grantCount
      mappingCount
    }
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

/** Prints the role with this key and the mappings to it; throws when there is none. */
export async function showRole(key: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const { role, groupMappings } = await request(connection, RoleWithMappings, { key });
  if (!role) throw failed(`There is no role with the key ${JSON.stringify(key)}.`);
  const mappings = (groupMappings ?? []).filter((mapping) => mapping.role?.key === role.key);
  if (options.json) {
    return printJson({ ...role, mappings: mappings.map(({ role: _same, ...mapping }) => mapping) });
  }
  const lines = [
    ['key', role.key],
    ['name', role.displayName],
    ['description', role.description],
    ['owner', role.isCore ? `${role.ownerModule} (one of the four core roles)` : role.ownerModule],
    ['implies', keys(role.implies)],
    ['implied by', keys(role.impliedBy)],
    ['grants', String(role.grantCount)],
    ['groups', mappings.map(({ externalGroupId }) => externalGroupId).join(', ')],
  ];
  printData(lines.map(([name = '', value = '']) => `${name.padEnd(12)}${visible(value || '–')}\n`).join(''));
}

function keys(roles: readonly { readonly key: string }[]): string {
  return roles.map(({ key }) => key).join(', ');
}
