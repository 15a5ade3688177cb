import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '../workspace/workspace.ts';
import { readSecretNames } from './secret-names.ts';
import type { UploadSettings } from './upload-settings.ts';

/** A file that may be sent. */
export interface FoundFile {
  readonly kind: 'note' | 'sessionLog';
  /** Below the workspace, with slashes. */
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly changedAt: number;
}

/** What there is to send, and what is never sent. */
export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** Their names look like secrets, or they are links. */
  readonly leftOut: readonly string[];
}

/** The notes and the logs of sessions of a workspace, by name. Links are not followed, and what looks like a secret stays out. */
export async function findFiles(workspace: Workspace, { sessions }: UploadSettings): Promise<FoundFiles> {
  const looksSecret = await readSecretNames(workspace);
  const files = new Map<string, FoundFile>();
  const leftOut = new Set<string>();
  for (const kind of ['note', 'sessionLog'] as const) {
    for (const { name, isFile } of await walk(workspace.folder, kind === 'note' ? 'notes' : sessions)) {
      if (kind === 'sessionLog' && !name.endsWith('.jsonl')) continue;
      if (!isFile || looksSecret(name)) {
        leftOut.add(name);
        continue;
      }
      const path = join(workspace.folder, name);
      const found = await stat(path).catch(() => null);
      if (found?.isFile()) files.set(name, { kind, name, path, sizeBytes: found.size, changedAt: found.mtimeMs });
    }
  }
  const byName = [...files.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return { files: byName, leftOut: [...leftOut].toSorted() };
}

/** What is below a folder, folders themselves not; nothing when a link leads to the folder. */
async function walk(root: string, folder: string): Promise<{ name: string; isFile: boolean }[]> {
  const real = await realpath(join(root, folder)).catch(() => null);
  if (real !== join(await realpath(root), folder)) return [];
  const found: { name: string; isFile: boolean }[] = [];
  for (const entry of await readdir(real, { withFileTypes: true }).catch(() => [])) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await walk(root, name)));
    else found.push({ name, isFile: entry.isFile() });
  }
  return found;
}
