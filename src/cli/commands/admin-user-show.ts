import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin user show';
export const description = 'Shows a user with roles, tokens and what would go along with a deletion.';
export const examples = ['da admin user show ada@example.com'];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .addOption(jsonOption())
    .action(async function (email) {
      const { showUser } = await import('../admin/show-user.ts');
      await showUser(email, this.optsWithGlobals());
    });
}
