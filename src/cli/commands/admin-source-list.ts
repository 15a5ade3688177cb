import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'admin source list';
export const description = 'Lists every source.';
export const examples = ['da admin source list', 'da admin source list --json'];

export function declare(command: BareCommand): void {
  command
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listSources } = await import('../registry/list-sources.ts');
      await listSources(this.optsWithGlobals());
    });
}
