import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'sync list';
export const description = 'Lists the newest sync runs.';
export const examples = ['da sync list', 'da sync list --source shop --limit 10 --json'];

export function declare(command: BareCommand): void {
  command
    .option('--source <name>', 'only runs of this source')
    .option('--limit <count>', 'how many at most, 1 to 500; 50 unless given', readLimit)
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listRuns } = await import('../sync-run/list-runs.ts');
      await listRuns(this.optsWithGlobals());
    });
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 500) return limit;
  throw new InvalidArgumentError('Give a whole number from 1 to 500.');
}
