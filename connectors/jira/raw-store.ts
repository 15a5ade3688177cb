import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isIssue, isIssueKey, type RawIssue } from './issue.ts';

/** Below the folder of the source: holds what is being written, until it is whole and gets its name. */
export const stagingFolder = '.staged';

/**
 * The issues as Jira answered them, one file for each below the folder of the source: `issues/<KEY>.json`, replaced in one step. A
 * deleted issue stays as it was last seen, with `_deleted_at`.
 */
export class RawStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The issue that is kept under this key; null when there is none, or its file cannot be read as one. */
  async read(key: string): Promise<RawIssue | null> {
    if (!isIssueKey(key)) return null;
    const value = await this.readJson(join('issues', `${key}.json`));
    return isIssue(value) && value.key === key ? value : null;
  }

  /** Keeps the issue; resolves to the digest of its file. */
  async write(issue: RawIssue): Promise<string> {
    const text = JSON.stringify(issue);
    await this.writeFile(join('issues', `${issue.key}.json`), text);
    return digestOf(text);
  }

  /** Forgets the file of this key, because the issue has another key now. */
  async remove(key: string): Promise<void> {
    if (isIssueKey(key)) await rm(join(this.folder, 'issues', `${key}.json`), { force: true });
  }

  /** The keys of all issues that are kept. */
  async keys(): Promise<string[]> {
    const names = await namesIn(join(this.folder, 'issues'));
    return names.flatMap((name) =>
      name.endsWith('.json') && isIssueKey(name.slice(0, -5)) ? [name.slice(0, -5)] : [],
    );
  }

  /** What stands in a file below the folder; null when there is none, or it is no JSON. */
  async readJson(path: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(join(this.folder, path), 'utf8'));
    } catch (error) {
      if (error instanceof SyntaxError || isMissing(error)) return null;
      throw new Error('What was gathered from Jira cannot be read; give the server the right to its folder.', {
        cause: error,
      });
    }
  }

  /** Replaces a file below the folder in one step, durably. */
  async writeFile(path: string, text: string): Promise<void> {
    const target = join(this.folder, path);
    const staged = join(this.folder, stagingFolder, randomUUID());
    await mkdir(join(this.folder, stagingFolder), { recursive: true });
    await mkdir(join(target, '..'), { recursive: true });
    const file = await open(staged, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(staged, target);
  }

  /** Removes all that is kept. */
  async removeEverything(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Removes what a run that was cut off left half written. */
  async tidy(): Promise<void> {
    await rm(join(this.folder, stagingFolder), { recursive: true, force: true });
  }
}

/** A short digest of a text. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

/** The names in a folder; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
