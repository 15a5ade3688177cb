import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin role update';
export const description = 'Changes a role of your own; what is left out stays as it is.';
export const examples = [
  "da admin role update sales.lead --name 'Head of sales'",
  'da admin role update sales.lead --implies sales.reader',
];

export function declare(command: BareCommand): void {
  command
    .argument('<key>', 'the role’s key')
    .option('--name <name>', 'what people call the role')
    .option('--description <text>', 'what the role is for')
    .option('--implies [keys...]', 'all the roles that its holders are to hold too; without a key: none')
    .addOption(jsonOption())
    .action(async function (key) {
      const { updateRole } = await import('../admin/update-role.ts');
      await updateRole(key, this.optsWithGlobals());
    });
}
