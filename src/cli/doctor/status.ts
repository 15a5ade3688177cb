import type { GlobalOptions } from '../command.ts';
import { readViewer } from '../auth/viewer.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { readManifest } from '../laptop/manifest.ts';
import { printData, printJson } from '../output/streams.ts';
import { visible } from '../output/visible.ts';
import { findWorkspaceOrNone, openWorkspaceConnection } from '../workspace/open-workspace-connection.ts';
import { readState } from '../workspace/state.ts';

/**
 * Prints the server, who is signed in there, and how this workspace stands to it. Ends with 1 when the server does not answer
 * or knows nobody, or when the workspace is not in step with it.
 */
export async function showStatus(options: GlobalOptions & { json?: true }): Promise<void> {
  const workspace = await findWorkspaceOrNone();
  const state = workspace && (await readState(workspace));
  const connection = await openWorkspaceConnection(options);
  const status = {
    server: connection.server,
    signedInAs: null as string | null,
    problem: null as string | null,
    workspace: workspace?.folder ?? null,
    tables: state?.tables.length ?? null,
    lastSync: state?.syncedAt ?? null,
    inStep: null as boolean | null,
  };
  try {
    status.signedInAs = (await readViewer(connection)).email;
    if (state && workspace?.server === connection.server) {
      status.inStep = state.version !== null && (await readManifest(connection, state.version)).unchanged;
    }
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    status.problem = error.message;
  }
  const isWell = status.problem === null && status.inStep !== false;
  process.exitCode = isWell ? exitCodes.done : exitCodes.failed;
  if (options.json) return printJson(status);
  const lines: [string, string | null][] = [
    ['server', status.server],
    ['signed in as', status.signedInAs ?? 'nobody'],
    ['workspace', status.workspace ?? 'none'],
    ['tables', status.tables === null ? null : String(status.tables)],
    ['last sync', state ? (status.lastSync ?? 'never') : null],
    ['in step', status.inStep === null ? null : status.inStep ? 'yes' : 'no: da sync'],
    ['problem', status.problem],
  ];
  for (const [label, value] of lines) {
    if (value !== null) printData(`${`${label}:`.padEnd(13)} ${visible(value)}\n`);
  }
}
