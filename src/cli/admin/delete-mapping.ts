import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';

const DeleteGroupMapping = graphql(`
  mutation DeleteGroupMapping($input: DeleteGroupMappingInput!) {
    deleteGroupMapping(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on DeleteGroupMappingPayload {
        mapping {
          id
          externalGroupId
          role {
            key
          }
          assignedBy
          assignedAt
        }
      }
    }
  }
`);

/** Takes the mapping with this id away. */
export async function deleteMapping(id: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const result = await request(connection, DeleteGroupMapping, { input: { id } });
  const { mapping } = payloadOf(result.deleteGroupMapping, 'DeleteGroupMappingPayload');
  const { role, ...former } = mapping;
  if (options.json) printJson({ ...former, role: role?.key ?? null });
  else printNotice(`The group ${mapping.externalGroupId} is not mapped to the role ${role?.key} any more.`);
}
