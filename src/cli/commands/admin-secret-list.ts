import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'admin secret list';
export const description = 'Lists the secrets that providers and connectors need, never their values.';
export const examples = ['da admin secret list'];

export function declare(command: BareCommand): void {
  command
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listSecrets } = await import('../admin/list-secrets.ts');
      await listSecrets(this.optsWithGlobals());
    });
}
