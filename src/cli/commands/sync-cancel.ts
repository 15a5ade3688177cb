import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'sync cancel';
export const description = 'Stops a queued or running sync run; nothing of it is published.';
export const examples = ['da sync cancel SyncRun:0b5cf3f4-8c0e-4e4c-a1a4-0d3f4a1c2b3d'];

export function declare(command: BareCommand): void {
  command
    .argument('<run>', 'the id of the run, as `da sync list` shows it')
    .addOption(jsonOption())
    .action(async function (run) {
      const { cancelRun } = await import('../sync-run/cancel-run.ts');
      await cancelRun(run, this.optsWithGlobals());
    });
}
