import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty folder (its real path), removed when the test that asked for it has finished. */
export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'agnes-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
