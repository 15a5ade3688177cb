import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'uploads remove';
export const description =
  'Removes notes and logs from the server; the files on the laptop stay, and are not sent again until they change.';
export const examples = ['da uploads remove Upload:0b8f4f3e-5d0c-4c46-9d57-3f2f7a9b1c11'];

export function declare(command: BareCommand): void {
  command
    .argument('<id...>', 'ids of uploads, as the list shows them')
    .addOption(jsonOption())
    .action(async function (ids) {
      const { removeUploads } = await import('../uploads/remove-uploads.ts');
      await removeUploads(ids, this.optsWithGlobals());
    });
}
