import { readEnvironment } from '../environment.ts';
import { printNotice } from '../output/streams.ts';
import { visible } from '../output/visible.ts';

/** What a sync tells while it runs. */
export interface SyncProgress {
  start(totalBytes: number): void;
  bytes(count: number): void;
  table(sqlName: string, error: string | null): void;
  stop(): void;
}

/** A bar of bytes on a terminal, a line for each table elsewhere, nothing when nobody wants it. */
export async function createProgress({ quiet, json }: { quiet?: true; json?: true }): Promise<SyncProgress> {
  if (quiet || json) return silent;
  return process.stderr.isTTY && !readEnvironment().dumbTerminal ? bar() : lines;
}

/** Tells nothing. */
export const silent: SyncProgress = { start() {}, bytes() {}, table() {}, stop() {} };

const lines: SyncProgress = {
  ...silent,
  // What failed is told at the end.
  table: (sqlName, error) => error === null && printNotice(`${sqlName} is here.`),
};

async function bar(): Promise<SyncProgress> {
  const { default: cliProgress } = await import('cli-progress');
  const shown = new cliProgress.SingleBar({
    format: '[{bar}] {percentage} % of {size} {table}',
    stream: process.stderr,
    gracefulExit: false,
    hideCursor: false,
    linewrap: true,
  });
  return {
    start: (total) => total > 0 && shown.start(total, 0, { table: '', size: `${(total / 1e6).toFixed(1)} MB` }),
    bytes: (count) => shown.increment(count),
    table: (sqlName) => shown.update({ table: visible(sqlName) }),
    stop: () => shown.stop(),
  };
}
