import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin backup';
export const description =
  'Fetches a backup of the server’s state, while it goes on, with the hashes of the files beside it.';
export const examples = ['da admin backup --output agnes.backup.gz'];

export function declare(command: BareCommand): void {
  command
    .requiredOption('--output <file>', 'the file to write; it is replaced once the new one is whole')
    .addOption(jsonOption())
    .action(async function () {
      const { backUp } = await import('../admin/backup.ts');
      await backUp(this.optsWithGlobals());
    });
}
