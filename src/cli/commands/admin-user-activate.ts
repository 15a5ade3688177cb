import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin user activate';
export const description = 'Lets a deactivated user in again.';
export const examples = ['da admin user activate ada@example.com'];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .addOption(jsonOption())
    .action(async function (email) {
      const { activateUser } = await import('../admin/switch-user.ts');
      await activateUser(email, this.optsWithGlobals());
    });
}
