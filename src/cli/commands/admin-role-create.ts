import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin role create';
export const description = 'Makes a role of your own, which can be granted, mapped and given tables.';
export const examples = [
  "da admin role create sales.reader --name 'Sales reader'",
  "da admin role create sales.lead --name 'Sales lead' --implies core.analyst sales.reader",
];

export function declare(command: BareCommand): void {
  command
    .argument('<key>', 'the new role’s key, such as sales.reader')
    .requiredOption('--name <name>', 'what people call the role')
    .option('--description <text>', 'what the role is for')
    .option('--implies <keys...>', 'the roles that its holders are to hold too')
    .addOption(jsonOption())
    .action(async function (key) {
      const { createRole } = await import('../admin/create-role.ts');
      await createRole(key, this.optsWithGlobals());
    });
}
