import { printNotice } from '../output/streams.ts';
import { visible } from '../output/visible.ts';
import { describeEvent, nameOf } from './progress-lines.ts';
import type { Progress } from './progress.ts';

/** A bar that counts the tables whose turn is over; failures stand below it as lines. */
export async function progressBar(source: string, total: number): Promise<Progress> {
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: `${visible(source)} [{bar}] {value}/{total} {table}`,
    stream: process.stderr,
    // Ctrl+C must end the command at once, and leave a terminal on which nothing was switched off.
    gracefulExit: false,
    hideCursor: false,
    linewrap: true,
  });
  const failures: string[] = [];
  let begun = 0;
  bar.start(total, 0, { table: '' });
  return {
    show(event) {
      if (event.__typename === 'SyncProgress') {
        bar.update(begun, { table: visible(nameOf(event)) });
        begun += 1;
      }
      if (event.__typename === 'SyncTableFailed') failures.push(describeEvent(event));
      if (event.__typename === 'SyncFinished') bar.update(total, { table: event.state.toLowerCase() });
    },
    stop() {
      bar.stop();
      failures.forEach(printNotice);
    },
  };
}
