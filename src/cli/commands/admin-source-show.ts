import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin source show';
export const description = 'Shows how a source is reached, and its tables.';
export const examples = ['da admin source show shop', 'da admin source show shop --json'];

export function declare(command: BareCommand): void {
  command
    .argument('<source>', 'the name of the source')
    .addOption(jsonOption())
    .action(async function (source) {
      const { showSource } = await import('../registry/show-source.ts');
      await showSource(source, this.optsWithGlobals());
    });
}
