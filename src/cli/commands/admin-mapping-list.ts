import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'admin mapping list';
export const description = 'Lists which external groups are mapped to which roles.';
export const examples = ['da admin mapping list', 'da admin mapping list --json'];

export function declare(command: BareCommand): void {
  command
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listMappings } = await import('../admin/list-mappings.ts');
      await listMappings(this.optsWithGlobals());
    });
}
