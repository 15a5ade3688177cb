import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSilentChange, findUntoldNames } from '../../src/build/changelog-law.ts';
import { findPartialWords } from '../../src/build/neutral-words.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

describe('neutral words', () => {
  test.each([
    'const url = "https://acme.atlassian.net/rest";',
    'mail ada@acme.com',
    'fields.customfield_10010',
    'see /home/ada/notes.md',
    'see /Users/ada/x.ts',
  ])('refuses %s', (line) => {
    expect(findPartialWords(line)).toHaveLength(1);
  });

  test.each([
    'https://agnes.example.com/x',
    'http://127.0.0.1:8000',
    'ada@example.com',
    'http://HOST:8000',
    'the work/ of many',
  ])('takes %s', (line) => {
    expect(findPartialWords(line)).toEqual([]);
  });
});

describe('the changelog', () => {
  test('has to name every root field, command, configuration key and connector in a code span', () => {
    const names = { fields: ['tables', 'role'], commands: ['sync start'], keys: ['DATA_DIR'], connectors: ['files'] };
    expect(findUntoldNames('`tables` `role(key)` `da sync start --watch` `DATA_DIR` `files`', names)).toEqual([]);
    expect(findUntoldNames('tables, roles, `da sync`', names)).toHaveLength(5);
  });

  test('has to grow on a branch that changes what ships, unless a commit says that nobody can notice', () => {
    const root = openRepository();
    commit(root, { file: 'src/people/user.ts', message: 'Start' });
    git(root, ['checkout', '-q', '-b', 'work']);
    expect(findSilentChange(root)).toEqual([]);
    commit(root, { file: 'tests/people.test.ts', message: 'Test people' });
    expect(findSilentChange(root)).toEqual([]);
    commit(root, { file: 'src/people/user.ts', message: 'Change people' });
    expect(findSilentChange(root)).toHaveLength(1);
    commit(root, { file: 'src/people/user.ts', message: 'Rename a variable\n\nChangelog: none' });
    expect(findSilentChange(root)).toEqual([]);
    commit(root, { file: 'CHANGELOG.md', message: 'Tell of people' });
    expect(findSilentChange(root)).toEqual([]);
    git(root, ['checkout', '-q', 'main']);
    expect(findSilentChange(root)).toEqual([]);
  });
});

function openRepository(): string {
  const root = scratchFolder();
  git(root, ['init', '-q', '-b', 'main']);
  git(root, ['config', 'user.email', 'ada@example.com']);
  git(root, ['config', 'user.name', 'Ada']);
  return root;
}

function commit(root: string, given: { file: string; message: string }): void {
  mkdirSync(join(root, given.file, '..'), { recursive: true });
  appendFileSync(join(root, given.file), 'x\n');
  git(root, ['add', '.']);
  git(root, ['commit', '-q', '-m', given.message]);
}

function git(root: string, words: string[]): void {
  execFileSync('git', words, { cwd: root, stdio: 'ignore' });
}
