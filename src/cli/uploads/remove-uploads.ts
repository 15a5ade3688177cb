import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { openWorkspaceConnection } from '../workspace/open-workspace-connection.ts';

const DeleteUpload = graphql(`
  mutation DeleteUpload($input: DeleteUploadInput!) {
    deleteUpload(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on DeleteUploadPayload {
        id
        name
      }
    }
  }
`);

/** Removes uploads from the server, which must be one's own unless one is an administrator; stops at the first that fails. */
export async function removeUploads(ids: readonly string[], options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openWorkspaceConnection(options);
  const removed: { id: string; name: string }[] = [];
  for (const id of ids) {
    const { deleteUpload } = await request(connection, DeleteUpload, { input: { id } });
    const { name } = payloadOf(deleteUpload, 'DeleteUploadPayload');
    removed.push({ id, name });
    if (!options.json) printNotice(`${name} is removed from ${connection.server}.`);
  }
  if (options.json) printJson(removed);
}
