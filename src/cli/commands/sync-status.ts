import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'sync status';
export const description = 'Shows of each table when it was synced, when it is due and what went wrong.';
export const examples = ['da sync status', 'da sync status --source shop --json'];

export function declare(command: BareCommand): void {
  command
    .option('--source <name>', 'only tables of this source')
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { showStatus } = await import('../sync-run/show-status.ts');
      await showStatus(this.optsWithGlobals());
    });
}
