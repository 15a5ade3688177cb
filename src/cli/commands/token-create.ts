import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'token create';
export const description =
  'Makes a token and prints it; needs the session of a browser, because a token makes no tokens.';
export const examples = [
  'da token create laptop --expires-in-days 30',
  'da token create dashboard --read-only --table shop.orders shop.customers --never',
];

export function declare(command: BareCommand): void {
  command
    .argument('<name>', 'to recognise it by')
    .addOption(new Option('--expires-in-days <days>', '1 to 3650; 90 unless given').argParser(parseDays))
    .addOption(new Option('--never', 'it does not end by itself').conflicts('expiresInDays'))
    .option('--read-only', 'it may change nothing')
    .option('--table <tables...>', 'the only tables it may read, as `da tables list` calls them')
    .option('--role <roles...>', 'the only roles it keeps, with what they imply; all of yours unless given')
    .addOption(jsonOption())
    .action(async function (tokenName) {
      const { createToken } = await import('../token/create-token.ts');
      await createToken(tokenName, this.optsWithGlobals());
    });
}

function parseDays(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return Number(text);
}
