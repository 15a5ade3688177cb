import type { GlobalOptions } from '../command.ts';
import { printChecks } from '../output/checks.ts';
import { findWorkspaceOrNone } from '../workspace/open-workspace-connection.ts';
import { checkServer } from './check-server.ts';
import { checkTokenFile, checkWorkspace } from './check-workspace.ts';

/** Prints what is well and what is not with the command that mends it; ends with 1 when something is not. */
export async function doctor(options: GlobalOptions & { json?: true; deep?: true }): Promise<void> {
  const workspace = await findWorkspaceOrNone();
  const here = workspace ? await checkWorkspace(workspace, options) : [];
  printChecks([...here, await checkTokenFile(), ...(await checkServer(options))], options);
}
