import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'identity unlink';
export const description = 'Takes an account at a provider from the user it signs in.';
export const examples = ['da identity unlink Identity:3f0c8d3e-6a0b-4f4e-9d4e-0c9f6a1f2b7d'];

export function declare(command: BareCommand): void {
  command
    .argument('<id>', 'its id, as `da identity list` shows it')
    .addOption(jsonOption())
    .action(async function (id) {
      const { unlinkIdentity } = await import('../identity/unlink-identity.ts');
      await unlinkIdentity(id, this.optsWithGlobals());
    });
}
