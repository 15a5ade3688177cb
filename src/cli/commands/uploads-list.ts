import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'uploads list';
export const description = 'Lists the notes and logs that you sent to the server, newest first.';
export const examples = ['da uploads list', 'da uploads list --user ada@example.com'];

export function declare(command: BareCommand): void {
  command
    .option('--all', 'those of everybody, for administrators')
    .option('--user <email>', 'those of this user, for administrators')
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listUploads } = await import('../uploads/list-uploads.ts');
      await listUploads(this.optsWithGlobals());
    });
}
