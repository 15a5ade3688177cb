import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'sync';
export const description = 'Brings this workspace in step with the server: what you may read, and nothing else.';
export const examples = ['da sync', 'da sync --json'];

export function declare(command: BareCommand): void {
  command
    .option('--quiet', 'print only what failed')
    .addOption(jsonOption())
    .action(async function () {
      const { sync } = await import('../laptop/sync.ts');
      await sync(this.optsWithGlobals());
    });
}
