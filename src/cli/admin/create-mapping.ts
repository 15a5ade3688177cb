import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';

const CreateGroupMapping = graphql(`
  mutation CreateGroupMapping($input: CreateGroupMappingInput!) {
    createGroupMapping(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on CreateGroupMappingPayload {
        mapping {
          id
          externalGroupId
          assignedBy
          assignedAt
        }
      }
    }
  }
`);

/** Maps the group with this id to the role. */
export async function createMapping(
  given: { group: string; role: string },
  options: GlobalOptions & { json?: true },
): Promise<void> {
  const { group, role } = given;
  const connection = await openConnection(options);
  const input = { externalGroupId: group, roleKey: role };
  const result = await request(connection, CreateGroupMapping, { input });
  const { mapping } = payloadOf(result.createGroupMapping, 'CreateGroupMappingPayload');
  if (options.json) printJson({ ...mapping, role });
  else printNotice(`Everybody in the group ${group} has the role ${role} now (${mapping.id}).`);
}
