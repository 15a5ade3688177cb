import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin user invite';
export const description = 'Makes a link by which a user without a password chooses one, mails it, and prints it.';
export const examples = ['da admin user invite ada@example.com'];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .addOption(jsonOption())
    .action(async function (email) {
      const { inviteUser } = await import('../admin/invite-user.ts');
      await inviteUser(email, this.optsWithGlobals());
    });
}
