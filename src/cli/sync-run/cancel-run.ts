import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { runIdOf } from './read-sync-run.ts';

const CancelSyncRun = graphql(`
  mutation CancelSyncRun($input: CancelSyncRunInput!) {
    cancelSyncRun(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on CancelSyncRunPayload {
        run {
          id
          state
          queuedAt
          startedAt
          finishedAt
          source {
            name
          }
        }
      }
    }
  }
`);

/** Stops a run that is queued or running; nothing of it is published. */
export async function cancelRun(run: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const result = await request(connection, CancelSyncRun, { input: { id: runIdOf(run) } });
  const { run: cancelled } = payloadOf(result.cancelSyncRun, 'CancelSyncRunPayload');
  const source = cancelled.source?.name ?? null;
  if (options.json) printJson({ ...cancelled, source });
  else printNotice(`The run of ${source ?? 'a source that is gone'} is cancelled; its tables keep what they held.`);
}
