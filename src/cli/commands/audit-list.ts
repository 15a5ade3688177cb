import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'audit list';
export const description = 'Lists what was done on the server, newest first.';
export const examples = [
  'da audit list --actor ada@example.com --since 2026-01-31',
  'da audit list --action user.deleted --limit 20 --json',
];

export function declare(command: BareCommand): void {
  command
    .option('--actor <email>', 'only what this one did; also system and nobody')
    .option('--action <action>', 'only this action, such as role.granted')
    .option('--resource <resource>', 'only what was done to this, <kind>:<id>')
    .option('--since <time>', 'only from this instant on, such as 2026-01-31 or 2026-01-31T09:30:00Z')
    .addOption(new Option('--limit <rows>', 'how many at most').argParser(parseLimit).default(100))
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listEvents } = await import('../audit/list-events.ts');
      await listEvents(this.optsWithGlobals());
    });
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return Number(text);
}
