import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'metrics list';
export const description = 'Lists the metric definitions that you may see.';
export const examples = [
  'da metrics list',
  'da metrics list --category revenue',
  'da metrics list --search churn --json',
];

export function declare(command: BareCommand): void {
  command
    .option('--category <name>', 'only metrics of this category')
    .option('--search <text>', 'only metrics whose name, description or synonyms contain this text')
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listMetrics } = await import('../metrics/list-metrics.ts');
      await listMetrics(this.optsWithGlobals());
    });
}
