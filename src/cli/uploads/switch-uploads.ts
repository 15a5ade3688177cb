import { printJson, printNotice } from '../output/streams.ts';
import { findWorkspace } from '../workspace/workspace.ts';
import { parseFolder, readUploadSettings, writeUploadSettings, type UploadSettings } from './upload-settings.ts';

/** Says for the workspace that this folder is in whether each `da sync` sends notes and logs, and where the logs are. */
export async function switchUploads(
  on: boolean,
  options: { sessions?: string | undefined; json?: true },
): Promise<void> {
  const workspace = await findWorkspace();
  const before = await readUploadSettings(workspace).catch((): UploadSettings => ({ on, sessions: 'sessions' }));
  const sessions = options.sessions === undefined ? before.sessions : parseFolder(options.sessions);
  await writeUploadSettings(workspace, { on, sessions });
  if (options.json) return printJson({ on, sessions });
  printNotice(
    on
      ? `Each \`da sync\` in ${workspace.folder} now sends what is new in notes/ and of the .jsonl files in ${sessions}/ to ` +
          `${workspace.server}, where you and its administrators can read it. \`da sync --dry-run\` tells what; ` +
          '`da uploads off` ends it.'
      : `\`da sync\` in ${workspace.folder} sends no files any more. What was sent stays; see \`da uploads list\`.`,
  );
}
