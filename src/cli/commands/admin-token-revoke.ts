import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin token revoke';
export const description = 'Ends anybody’s token at once.';
export const examples = ['da admin token revoke Token:0b8f4f3e-5d0c-4c46-9d57-3f2f7a9b1c11'];

export function declare(command: BareCommand): void {
  command
    .argument('<id>', 'the id of the token, as the list shows it')
    .addOption(jsonOption())
    .action(async function (id) {
      const { revokeToken } = await import('../token/revoke-token.ts');
      await revokeToken(id, this.optsWithGlobals());
    });
}
