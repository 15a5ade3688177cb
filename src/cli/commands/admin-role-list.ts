import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'admin role list';
export const description = 'Lists all roles with how often they are granted and mapped.';
export const examples = ['da admin role list', 'da admin role list --json'];

export function declare(command: BareCommand): void {
  command
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listRoles } = await import('../admin/list-roles.ts');
      await listRoles(this.optsWithGlobals());
    });
}
