import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin secret remove';
export const description = 'Takes the value of a secret away; a provider without its secret lets nobody in.';
export const examples = ['da admin secret remove PARTNERS_CLIENT_SECRET'];

export function declare(command: BareCommand): void {
  command
    .argument('<name>', 'as `da admin secret list` calls it')
    .addOption(jsonOption())
    .action(async function (secret) {
      const { removeSecret } = await import('../admin/remove-secret.ts');
      await removeSecret(secret, this.optsWithGlobals());
    });
}
