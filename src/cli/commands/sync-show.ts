import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'sync show';
export const description = 'Shows one sync run and what became of each of its tables.';
export const examples = ['da sync show SyncRun:0b5cf3f4-8c0e-4e4c-a1a4-0d3f4a1c2b3d'];

export function declare(command: BareCommand): void {
  command
    .argument('<run>', 'the id of the run, as `da sync list` shows it')
    .addOption(jsonOption())
    .action(async function (run) {
      const { showRun } = await import('../sync-run/show-run.ts');
      await showRun(run, this.optsWithGlobals());
    });
}
