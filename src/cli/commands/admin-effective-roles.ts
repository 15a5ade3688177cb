import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin effective-roles';
export const description = 'Shows every role that counts for a user, and which grants give it by which path.';
export const examples = ['da admin effective-roles ada@example.com', 'da admin effective-roles ada@example.com --json'];

export function declare(command: BareCommand): void {
  command
    .argument('<email>', 'the user’s e-mail address')
    .addOption(jsonOption())
    .action(async function (email) {
      const { showEffectiveRoles } = await import('../admin/show-effective-roles.ts');
      await showEffectiveRoles(email, this.optsWithGlobals());
    });
}
