import { readEnvironment } from '../environment.ts';
import { printNotice } from '../output/streams.ts';
import { visible } from '../output/visible.ts';
import type { SyncProgress } from './sync-laptop.ts';

/** A bar of bytes on a terminal, a line for each table elsewhere, nothing when nobody wants it. */
export async function createProgress({ quiet, json }: { quiet?: true; json?: true }): Promise<SyncProgress> {
  if (quiet || json) return silent;
  return process.stderr.isTTY && !readEnvironment().dumbTerminal ? bar() : lines;
}

const silent: SyncProgress = { start() {}, bytes() {}, table() {}, stop() {} };

const lines: SyncProgress = {
  ...silent,
  table: (sqlName, error) => printNotice(error === null ? `${sqlName} is here.` : `${sqlName} failed: ${error}`),
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
