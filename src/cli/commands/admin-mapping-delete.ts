import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin mapping delete';
export const description = 'Takes a role away from the members of a group; it counts from then on.';
export const examples = ['da admin mapping delete GroupMapping:0b6f5c1e-7d1a-4b0e-9f53-2f1c8f0c9d11'];

export function declare(command: BareCommand): void {
  command
    .argument('<id>', 'the mapping’s id, as `da admin mapping list` shows it')
    .addOption(jsonOption())
    .action(async function (id) {
      const { deleteMapping } = await import('../admin/delete-mapping.ts');
      await deleteMapping(id, this.optsWithGlobals());
    });
}
