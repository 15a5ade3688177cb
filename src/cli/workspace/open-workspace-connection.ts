import type { GlobalOptions } from '../command.ts';
import { openConnection, type Connection } from '../connection/connection.ts';
import { readEnvironment } from '../environment.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { findWorkspace, type Workspace } from './workspace.ts';

/** The workspace that this folder is in; null when it is in none. */
export async function findWorkspaceOrNone(): Promise<Workspace | null> {
  try {
    return await findWorkspace();
  } catch (error) {
    if (error instanceof CommandFailure && error.exitCode === exitCodes.wrongUsage) return null;
    throw error;
  }
}

/** As `openConnection`, and where neither the command line nor the environment names a server, that of the workspace. */
export async function openWorkspaceConnection(options: GlobalOptions): Promise<Connection> {
  const server = options.server ?? readEnvironment().server ?? (await findWorkspaceOrNone())?.server;
  return openConnection({ ...options, server });
}
