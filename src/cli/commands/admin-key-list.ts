import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'admin key list';
export const description = 'Lists the keys whose signatures on links count, the one that signs first.';
export const examples = ['da admin key list'];

export function declare(command: BareCommand): void {
  command
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listKeys } = await import('../admin/list-keys.ts');
      await listKeys(this.optsWithGlobals());
    });
}
