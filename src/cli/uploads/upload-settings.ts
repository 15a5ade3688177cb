import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, wrongUsage } from '../failure.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';
import { writeDurably } from '../workspace/write-durably.ts';

/** What the analyst said about sending files of a workspace. */
export interface UploadSettings {
  /** Whether each `da sync` sends what is new. */
  readonly on: boolean;
  /** The folder of the logs of sessions, below the workspace, with slashes. */
  readonly sessions: string;
}

const unsaid: UploadSettings = { on: false, sessions: 'sessions' };

/** What was said in this workspace; nothing is sent unless somebody said so. */
export async function readUploadSettings(workspace: Workspace): Promise<UploadSettings> {
  const path = settingsPath(workspace);
  try {
    const { on, sessions } = {
      ...unsaid,
      ...(JSON.parse(await readFile(path, 'utf8')) as { on?: unknown; sessions?: unknown }),
    };
    return { on: on === true, sessions: parseFolder(String(sessions)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return unsaid;
    throw failed(`${path} cannot be read; write it anew with \`da uploads on\` or \`da uploads off\`.`);
  }
}

/** Replaces what was said. */
export async function writeUploadSettings(workspace: Workspace, settings: UploadSettings): Promise<void> {
  await writeDurably(settingsPath(workspace), `${JSON.stringify(settings, null, 1)}\n`);
}

/** A folder of the analyst's below the workspace; throws for one that leads elsewhere, or is ours. */
export function parseFolder(text: string): string {
  const parts = text
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '')
    .split('/');
  const isOurs = parts[0] === 'data';
  if (!isOurs && !text.includes('\\') && parts.every((part) => part !== '' && !part.startsWith('.')))
    return parts.join('/');
  throw wrongUsage(`${JSON.stringify(text)} is no folder of yours in the workspace; give one such as \`sessions\`.`);
}

function settingsPath({ folder }: Workspace): string {
  return join(placesIn(folder).memory, 'uploads.json');
}
