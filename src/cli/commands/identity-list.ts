import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'identity list';
export const description = 'Lists the accounts at providers that sign you in, or a user.';
export const examples = ['da identity list', 'da identity list --user ada@example.com'];

export function declare(command: BareCommand): void {
  command
    .option('--user <email>', 'those of this user; for administrators')
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listIdentities } = await import('../identity/list-identities.ts');
      await listIdentities(this.optsWithGlobals());
    });
}
