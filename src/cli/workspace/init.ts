import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { readEnvironment } from '../environment.ts';
import { failed } from '../failure.ts';
import { sync } from '../laptop/sync.ts';
import { printNotice } from '../output/streams.ts';
import { layOut } from './lay-out.ts';
import { writeMcpConfiguration } from './mcp-configuration.ts';
import { makeWorkspace, readServer } from './workspace.ts';

/** Makes the current folder a workspace and syncs it; where it is one, mends what is ours in it. */
export async function init(server: string | undefined, options: GlobalOptions & { json?: true }): Promise<void> {
  const known = options.server ?? readEnvironment().server ?? (await readServer(process.cwd())) ?? undefined;
  const connection = await openConnection({ ...options, server: server ?? known });
  const workspace = await makeWorkspace(process.cwd(), connection.server);
  const { folder } = workspace;
  await layOut(workspace).catch((error: Error) => {
    throw failed(`${folder} cannot be laid out (${error.message}).`);
  });
  await writeMcpConfiguration(workspace).catch((error: Error) => printNotice(error.message));
  if (!options.json) printNotice(`${folder} is a workspace of ${connection.server}.`);
  await sync({ ...options, server: connection.server });
}
