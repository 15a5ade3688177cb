import type { Connection } from '../connection/connection.ts';
import { withLock } from '../connection/lock-file.ts';
import { CommandFailure } from '../failure.ts';
import { syncLock } from '../workspace/sync-lock.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { planUploads, type UploadPlan } from './plan-uploads.ts';
import { putFile, UploadsRefused } from './put-file.ts';
import { readSentFiles, writeSentFiles, type SentFile } from './sent-files.ts';
import { readUploadSettings } from './upload-settings.ts';

/** What was sent. */
export interface UploadReport {
  readonly sent: readonly { readonly file: string; readonly bytes: number }[];
  readonly failed: readonly { readonly file: string; readonly error: string }[];
  readonly leftOut: readonly string[];
}

/** What would be sent now; changes nothing. */
export async function foreseeUploads(connection: Connection, workspace: Workspace): Promise<UploadPlan> {
  const settings = await readUploadSettings(workspace);
  return planUploads(connection, { workspace, settings, sent: await readSentFiles(workspace) });
}

/**
 * Sends the notes and logs of a workspace that the server has not had, one after the other, after `tell` was told which. A
 * file that fails costs only itself. Killed anywhere, the next run sends what is missing.
 */
export async function sendFiles(
  connection: Connection,
  { workspace, tell }: { workspace: Workspace; tell: (plan: UploadPlan) => void },
): Promise<UploadReport> {
  try {
    return await withLock(syncLock(workspace), () => sendLocked(connection, { workspace, tell }));
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { sent: [], failed: [{ file: 'notes and logs', error: error.message }], leftOut: [] };
  }
}

async function sendLocked(
  connection: Connection,
  { workspace, tell }: { workspace: Workspace; tell: (plan: UploadPlan) => void },
): Promise<UploadReport> {
  const settings = await readUploadSettings(workspace);
  const known = await readSentFiles(workspace);
  const before = JSON.stringify([...known]);
  const plan = await planUploads(connection, { workspace, settings, sent: known });
  tell(plan);
  try {
    return { ...(await sendAll(connection, { plan, known })), leftOut: plan.leftOut };
  } finally {
    if (JSON.stringify([...known]) !== before) await writeSentFiles(workspace, known);
  }
}

async function sendAll(
  connection: Connection,
  { plan, known }: { plan: UploadPlan; known: Map<string, SentFile> },
): Promise<Pick<UploadReport, 'sent' | 'failed'>> {
  const sent: UploadReport['sent'][number][] = [];
  const failures = [...plan.failed];
  let refused: string | null = null;
  for (const file of plan.toSend) {
    try {
      if (refused !== null) throw new Error(refused);
      const now = await putFile(connection, { file, fileBytes: plan.fileBytes });
      known.set(file.name, now);
      sent.push({ file: file.name, bytes: now.sizeBytes });
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof UploadsRefused) refused = message;
      failures.push({ file: file.name, error: message });
    }
  }
  return { sent, failed: failures };
}
