import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';

const CreateRole = graphql(`
  mutation CreateRole($input: CreateRoleInput!) {
    createRole(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on CreateRolePayload {
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

type Options = GlobalOptions & { json?: true; name: string; description?: string; implies?: string[] };

/** Makes a role with this key. */
export async function createRole(key: string, options: Options): Promise<void> {
  const { name: displayName, description, implies } = options;
  const connection = await openConnection(options);
  const result = await request(connection, CreateRole, { input: { key, displayName, description, implies } });
  const { role } = payloadOf(result.createRole, 'CreateRolePayload');
  if (options.json) printJson(role);
  else printNotice(`There is a role ${role.key} now; \`da admin grant-role\` gives it to somebody.`);
}
