import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placesIn, type Workspace } from '../workspace/workspace.ts';
import { writeDurably } from '../workspace/write-durably.ts';

/** A file as it was when the server had it. */
export interface SentFile {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly changedAt: number;
}

/** What of a workspace the server has had, by name; nothing when that cannot be read: the server is asked then. */
export async function readSentFiles(workspace: Workspace): Promise<Map<string, SentFile>> {
  try {
    const stored = JSON.parse(await readFile(sentPath(workspace), 'utf8')) as Record<string, SentFile>;
    return new Map(Object.entries(stored));
  } catch {
    return new Map();
  }
}

/** Replaces it. */
export async function writeSentFiles(workspace: Workspace, sent: ReadonlyMap<string, SentFile>): Promise<void> {
  await writeDurably(sentPath(workspace), `${JSON.stringify(Object.fromEntries(sent), null, 1)}\n`);
}

function sentPath({ folder }: Workspace): string {
  return join(placesIn(folder).memory, 'sent.json');
}
