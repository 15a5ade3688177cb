import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'admin table discover';
export const description = 'Asks a source what it offers, registered already or not.';
export const examples = ['da admin table discover shop', 'da admin table discover shop --json'];

export function declare(command: BareCommand): void {
  command
    .argument('<source>', 'the name of the source')
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function (source) {
      const { discoverTables } = await import('../registry/discover-tables.ts');
      await discoverTables(source, this.optsWithGlobals());
    });
}
