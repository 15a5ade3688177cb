import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin source delete';
export const description = 'Removes a source; one with tables only with --remove-tables.';
export const examples = ['da admin source delete shop', 'da admin source delete shop --remove-tables'];

export function declare(command: BareCommand): void {
  command
    .argument('<source>', 'the name of the source')
    .option('--remove-tables', 'remove its tables too, with their grants and files')
    .addOption(jsonOption())
    .action(async function (source) {
      const { deleteSource } = await import('../registry/delete-source.ts');
      await deleteSource(source, this.optsWithGlobals());
    });
}
