import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'admin token list';
export const description = 'Lists the tokens of everybody, newest first, ended ones too.';
export const examples = ['da admin token list', 'da admin token list --user ada@example.com --json'];

export function declare(command: BareCommand): void {
  command
    .option('--user <email>', 'only tokens of this user')
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listAllTokens } = await import('../token/list-all-tokens.ts');
      await listAllTokens(this.optsWithGlobals());
    });
}
