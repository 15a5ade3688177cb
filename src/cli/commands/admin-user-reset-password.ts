import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin user reset-password';
export const description = 'Makes a link by which a user chooses a new password, mails it, and prints it.';
export const examples = ['da admin user reset-password ada@example.com'];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .addOption(jsonOption())
    .action(async function (email) {
      const { resetPassword } = await import('../admin/reset-password.ts');
      await resetPassword(email, this.optsWithGlobals());
    });
}
