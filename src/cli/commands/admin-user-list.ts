import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'admin user list';
export const description = 'Lists the users, by e-mail address.';
export const examples = ['da admin user list', 'da admin user list --search ada --json'];

export function declare(command: BareCommand): void {
  command
    .option('--search <text>', 'only users whose e-mail address or name contains this text')
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listUsers } = await import('../admin/list-users.ts');
      await listUsers(this.optsWithGlobals());
    });
}
