import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'token list';
export const description = 'Lists your own tokens, newest first, ended ones too.';
export const examples = ['da token list'];

export function declare(command: BareCommand): void {
  command
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listTokens } = await import('../token/list-tokens.ts');
      await listTokens(this.optsWithGlobals());
    });
}
