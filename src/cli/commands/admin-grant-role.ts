import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin grant-role';
export const description = 'Gives a user a role directly; it counts from then on.';
export const examples = ['da admin grant-role ada@example.com core.analyst'];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .argument('<role>', 'the role’s key, such as core.analyst')
    .addOption(jsonOption())
    .action(async function (email, role) {
      const { grantRole } = await import('../admin/grant-role.ts');
      await grantRole({ email, role }, this.optsWithGlobals());
    });
}
