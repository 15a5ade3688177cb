import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin user deactivate';
export const description = 'Shuts a user out at once; roles and tokens count again once the user is activated.';
export const examples = ['da admin user deactivate ada@example.com'];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .addOption(jsonOption())
    .action(async function (email) {
      const { deactivateUser } = await import('../admin/switch-user.ts');
      await deactivateUser(email, this.optsWithGlobals());
    });
}
