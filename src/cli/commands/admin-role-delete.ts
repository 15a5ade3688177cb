import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin role delete';
export const description = 'Removes a role of your own; one that is in use only with --remove-uses.';
export const examples = ['da admin role delete sales.reader', 'da admin role delete sales.reader --remove-uses'];

export function declare(command: BareCommand): void {
  command
    .argument('<key>', 'the role’s key')
    .option('--remove-uses', 'remove its grants, mappings, table grants and its place in other roles too')
    .addOption(jsonOption())
    .action(async function (key) {
      const { deleteRole } = await import('../admin/delete-role.ts');
      await deleteRole(key, this.optsWithGlobals());
    });
}
