import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listDataFiles } from '../../src/server/backup-files.ts';
import type { FileLine } from '../../src/store/copy/backup-file.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

function write(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'a');
}

/** Lets this process be somebody whom the rights of files bind until the test has finished. */
function becomeNobody(): void {
  if (process.getuid?.() !== 0) return;
  process.seteuid!(65534);
  onTestFinished(() => process.seteuid!(0));
}

function pathOf(line: FileLine): string {
  return 'file' in line ? line.file.path : `${line.unreadable.path} ${line.unreadable.reason}`;
}

test('files behind links are listed, each folder once; what is gone is left out, and what cannot be read is named', async () => {
  const dataDir = scratchFolder();
  const disk = scratchFolder();
  write(join(disk, 'extracts/shop/extract.duckdb'));
  symlinkSync(join(disk, 'extracts'), join(dataDir, 'extracts'));
  write(join(disk, 'bank/extract.duckdb'));
  symlinkSync(join(disk, 'bank'), join(disk, 'extracts/bank'));
  write(join(disk, 'people.csv'));
  write(join(dataDir, 'files/here.csv'));
  symlinkSync(join(disk, 'people.csv'), join(dataDir, 'files/people.csv'));
  // Ways back, a second way, and ways to nowhere.
  symlinkSync('..', join(disk, 'extracts/shop/loop'));
  symlinkSync(dataDir, join(disk, 'extracts/shop/top'));
  symlinkSync('../..', join(dataDir, 'files/above'));
  symlinkSync('files', join(dataDir, 'again'));
  symlinkSync(join(disk, 'bank'), join(dataDir, 'second'));
  symlinkSync('nowhere', join(dataDir, 'dangling'));
  symlinkSync('itself', join(dataDir, 'itself'));
  for (const name of ['lost+found/a', 'locked.csv', 'vanishing/a', 'vanishing.csv']) write(join(dataDir, name));
  for (const name of ['lost+found', 'locked.csv']) chmodSync(join(dataDir, name), 0);
  for (const name of [dataDir, disk]) chmodSync(name, 0o755);
  const listing = listDataFiles(dataDir);
  const found = [pathOf((await listing.next()).value as FileLine)];
  rmSync(join(dataDir, 'vanishing'), { recursive: true });
  rmSync(join(dataDir, 'vanishing.csv'));
  becomeNobody();
  for await (const line of listing) found.push(pathOf(line));
  expect(found).toEqual([
    'extracts/bank/extract.duckdb',
    'extracts/shop/extract.duckdb',
    'files/here.csv',
    'files/people.csv',
    'locked.csv EACCES',
    'lost+found EACCES',
  ]);
});
