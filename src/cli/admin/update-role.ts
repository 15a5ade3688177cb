import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { wrongUsage } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';

const UpdateRole = graphql(`
  mutation UpdateRole($input: UpdateRoleInput!) {
    updateRole(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on UpdateRolePayload {
        role {
          key
          displayName
          description
          implies {
            key
          }
        }
      }
    }
  }
`);

type Options = GlobalOptions & { json?: true; name?: string; description?: string; implies?: string[] | true };

/** Changes the role with this key; `implies: true` is the option without a key, and clears it. */
export async function updateRole(key: string, options: Options): Promise<void> {
  const { name: displayName, description } = options;
  const implies = options.implies === true ? [] : options.implies;
  if (displayName === undefined && description === undefined && implies === undefined) {
    throw wrongUsage('Say what to change: --name, --description or --implies.');
  }
  const connection = await openConnection(options);
  const result = await request(connection, UpdateRole, { input: { key, displayName, description, implies } });
  const { role } = payloadOf(result.updateRole, 'UpdateRolePayload');
  if (options.json) printJson(role);
  else printNotice(`The role ${role.key} is changed.`);
}
