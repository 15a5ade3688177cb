import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin grant-role';
export const description = 'Gives a user a role directly; it counts from then on, or in the period that is given.';
export const examples = [
  'da admin grant-role ada@example.com core.analyst',
  'da admin grant-role ada@example.com core.admin --expires-at 2031-01-31T18:00:00Z',
];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .argument('<role>', 'the role’s key, such as core.analyst')
    .option('--starts-at <instant>', 'when it begins to count, such as 2031-01-31T09:00:00Z; at once unless given')
    .option('--expires-at <instant>', 'when it ceases to count by itself; never unless given')
    .addOption(jsonOption())
    .action(async function (email, role) {
      const { grantRole } = await import('../admin/grant-role.ts');
      await grantRole({ email, role }, this.optsWithGlobals());
    });
}
