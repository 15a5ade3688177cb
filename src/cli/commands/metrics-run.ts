import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'metrics run';
export const description = 'Runs a metric over the tables that you may read.';
export const examples = [
  'da metrics run revenue/total_revenue',
  'da metrics run revenue/total_revenue --variant by_channel --from 2026-01-01 --to 2026-04-01',
  'da metrics run revenue/total_revenue --filter channel=web --filter channel=mobile --json',
];

export function declare(command: BareCommand): void {
  command
    .argument('<metric>', 'category/name')
    .option('--variant <name>', 'one of its variants, such as by_channel')
    .option('--from <time>', 'only rows of this day or instant or later')
    .option('--to <time>', 'only rows before this day or instant')
    .addOption(
      new Option('--filter <dimension=value>', 'only rows with this value; may be given again').argParser(addFilter),
    )
    .addOption(new Option('--limit <rows>', 'how many rows at most, up to 10000').argParser(parseLimit).default(1000))
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function (metric) {
      const { runMetric } = await import('../metrics/run-metric.ts');
      await runMetric(metric, this.optsWithGlobals());
    });
}

function addFilter(text: string, before: Record<string, string[]> | undefined): Record<string, string[]> {
  const [, dimension, value] = /^([^=]+)=([^]*)$/.exec(text) ?? [];
  if (dimension === undefined || value === undefined) {
    throw new InvalidArgumentError('Write a dimension, = and a value.');
  }
  return { ...before, [dimension]: [...(before?.[dimension] ?? []), value] };
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return Number(text);
}
