import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin user delete';
export const description = 'Shows what goes along with a user, asks, and deletes all of it for good.';
export const examples = ['da admin user delete ada@example.com', 'da admin user delete ada@example.com --yes'];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .option('--yes', 'do not ask')
    .addOption(jsonOption())
    .action(async function (email) {
      const { deleteUser } = await import('../admin/delete-user.ts');
      await deleteUser(email, this.optsWithGlobals());
    });
}
