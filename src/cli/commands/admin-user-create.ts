import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin user create';
export const description = 'Adds an active user, who has no role yet.';
export const examples = ['da admin user create ada@example.com --name "Ada Lovelace"'];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the new user’s e-mail address')
    .option('--name <name>', 'what the person is called')
    .addOption(jsonOption())
    .action(async function (email) {
      const { createUser } = await import('../admin/create-user.ts');
      await createUser(email, this.optsWithGlobals());
    });
}
