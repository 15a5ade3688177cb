import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin set-core-role';
export const description = 'Puts one core role in the place of all that a user was given directly.';
export const examples = ['da admin set-core-role ada@example.com core.analyst'];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .argument('<role>', 'core.viewer, core.analyst, core.km_admin or core.admin')
    .addOption(jsonOption())
    .action(async function (email, role) {
      const { setCoreRole } = await import('../admin/set-core-role.ts');
      await setCoreRole({ email, role }, this.optsWithGlobals());
    });
}
