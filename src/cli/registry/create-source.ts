import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { readJsonObject } from './json-object.ts';

/** Makes a source. */
export const CreateSource = graphql(`
  mutation CreateSource($input: CreateSourceInput!) {
    createSource(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on CreateSourcePayload {
        source {
          id
          name
          connector
          config
        }
      }
    }
  }
`);

/** Makes a source once its connector has reached the system. */
export async function createSource(
  name: string,
  options: GlobalOptions & { connector: string; config: string; json?: true },
): Promise<void> {
  const config = await readJsonObject(options.config, '--config');
  const input = { name, connector: options.connector, config };
  const result = await request(await openConnection(options), CreateSource, { input });
  const { source } = payloadOf(result.createSource, 'CreateSourcePayload');
  if (options.json) printJson(source);
  else
    printNotice(`The source ${source.name} is there; \`da admin table discover ${source.name}\` shows what it offers.`);
}
