import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createMcpServer } from '../../mcp/create-mcp-server.ts';
import { serverPlace } from '../../mcp/server-place.ts';
import type { GlobalOptions } from '../command.ts';
import { wrongUsage } from '../failure.ts';
import { printNotice } from '../output/streams.ts';
import { version } from '../version.ts';
import { findWorkspaceOrNone } from '../workspace/open-workspace-connection.ts';
import { askServerAs } from './ask-server-as.ts';
import { workspacePlace } from './workspace-place.ts';

/** How long a call that runs when stdin ends may go on, so that it is answered. */
const graceMilliseconds = 10_000;

/** Serves MCP on stdin and stdout until stdin ends: of this workspace, and of its server where a tool or `remote` asks for it. */
export async function serveMcp(options: GlobalOptions & { remote?: true }): Promise<void> {
  const remotePlace = serverPlace(askServerAs(options));
  const places = options.remote ? { place: remotePlace } : { place: await localPlace(remotePlace), remotePlace };
  const server = createMcpServer({ version, ...places, onUnexpected: tellUnexpected });
  process.stdin.once('end', () => setTimeout(() => process.exit(), graceMilliseconds).unref());
  await server.connect(new StdioServerTransport());
}

async function localPlace(remotePlace: ReturnType<typeof serverPlace>) {
  const workspace = await findWorkspaceOrNone();
  if (workspace) return workspacePlace(workspace, remotePlace);
  throw wrongUsage('This folder is in no workspace; make one with `da init <server>`, or ask the server by --remote.');
}

function tellUnexpected(error: unknown): string {
  const { stack, message } = error as Error;
  printNotice(`da stopped a tool at a fault of its own: ${stack ?? message}`);
  return 'Something went wrong in da; its stderr has the details.';
}
