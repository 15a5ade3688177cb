import type { Ask } from '../../mcp/graphql.ts';
import type { GlobalOptions } from '../command.ts';
import { request } from '../connection/request.ts';
import { openWorkspaceConnection } from '../workspace/open-workspace-connection.ts';
import { asToolFailure } from './as-tool-failure.ts';

/** Asks the server as whoever is signed in now, anew for each question. */
export function askServerAs(options: GlobalOptions): Ask {
  return async (document, variables) => {
    try {
      return await request(await openWorkspaceConnection(options), document, variables);
    } catch (error) {
      throw asToolFailure(error);
    }
  };
}
