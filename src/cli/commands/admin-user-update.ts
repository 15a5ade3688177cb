import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin user update';
export const description = 'Changes the e-mail address or the name of a user.';
export const examples = [
  'da admin user update ada@example.com --email ada@other.example.com',
  'da admin user update ada@example.com --name "Ada King"',
];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .option('--email <email>', 'the new e-mail address')
    .option('--name <name>', 'the new name; empty clears it')
    .addOption(jsonOption())
    .action(async function (email) {
      const { updateUser } = await import('../admin/update-user.ts');
      await updateUser(email, this.optsWithGlobals());
    });
}
