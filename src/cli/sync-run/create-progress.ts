import { readEnvironment } from '../environment.ts';
import { progressBar } from './progress-bar.ts';
import { progressLines } from './progress-lines.ts';
import type { Progress } from './progress.ts';

/** A bar on a terminal, a line for each event elsewhere. `total` is how many tables the run has. */
export async function createProgress(source: string, total: number): Promise<Progress> {
  const canRedraw = process.stderr.isTTY && !readEnvironment().dumbTerminal;
  return canRedraw ? progressBar(source, total) : progressLines();
}
