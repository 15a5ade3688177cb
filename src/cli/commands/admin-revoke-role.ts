import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin revoke-role';
export const description = 'Takes a role away that a user was given directly; it counts from then on.';
export const examples = ['da admin revoke-role ada@example.com core.analyst'];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .argument('<role>', 'the role’s key, such as core.analyst')
    .addOption(jsonOption())
    .action(async function (email, role) {
      const { revokeRole } = await import('../admin/revoke-role.ts');
      await revokeRole({ email, role }, this.optsWithGlobals());
    });
}
