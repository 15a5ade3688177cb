import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'metrics show';
export const description = 'Shows one metric definition as YAML.';
export const examples = ['da metrics show revenue/total_revenue', 'da metrics show revenue/total_revenue --json'];

export function declare(command: BareCommand): void {
  command
    .argument('<metric>', 'category/name')
    .addOption(jsonOption())
    .action(async function (metric) {
      const { showMetric } = await import('../metrics/show-metric.ts');
      await showMetric(metric, this.optsWithGlobals());
    });
}
