import { readEnvironment } from '../environment.ts';
import type { SyncEvent } from './documents.ts';
import { progressBar } from './progress-bar.ts';
import { progressLines } from './progress-lines.ts';

/** Shows on stderr how a run goes. */
export interface Progress {
  show(event: SyncEvent): void;
  /** Leaves the terminal as it should be for what is printed next. */
  stop(): void;
}

/** A bar on a terminal, a line for each event elsewhere. `total` is how many tables the run has. */
export function createProgress(source: string, total: number): Promise<Progress> | Progress {
  return process.stderr.isTTY && !readEnvironment().dumbTerminal ? progressBar(source, total) : progressLines();
}
