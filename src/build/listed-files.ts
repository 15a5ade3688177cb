import { execFileSync } from 'node:child_process';

/** Every file of the work tree that git knows or would take, relative to `root`. */
export function listFiles(root: string): string[] {
  return git(root, ['ls-files', '--cached', '--others', '--exclude-standard', '-z']).split('\0').filter(Boolean);
}

/** What `git` prints; throws when it fails. */
export function git(root: string, words: readonly string[]): string {
  return execFileSync('git', words, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 26,
  });
}
