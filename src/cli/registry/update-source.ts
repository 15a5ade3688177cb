import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { findSource } from './find-source.ts';
import { readJsonObject } from './json-object.ts';

const UpdateSource = graphql(`
  mutation UpdateSource($input: UpdateSourceInput!) {
    updateSource(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on UpdateSourcePayload {
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

/** Gives a source another configuration once its connector has reached the system with it. */
export async function updateSource(
  name: string,
  options: GlobalOptions & { config: string; json?: true },
): Promise<void> {
  const config = await readJsonObject(options.config, '--config');
  const connection = await openConnection(options);
  const { id } = await findSource(connection, name);
  const result = await request(connection, UpdateSource, { input: { id, config } });
  const { source } = payloadOf(result.updateSource, 'UpdateSourcePayload');
  if (options.json) printJson(source);
  else printNotice(`${source.name} has the new configuration; its tables keep their rows until a sync.`);
}
