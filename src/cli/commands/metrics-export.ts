import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'metrics export';
export const description =
  'Writes the metric definitions that you may see as YAML files, <folder>/<category>/<name>.yml.';
export const examples = ['da metrics export metrics', 'da metrics export metrics --json'];

export function declare(command: BareCommand): void {
  command
    .argument('<folder>', 'where to write; it is made when it is missing')
    .addOption(jsonOption())
    .action(async function (folder) {
      const { exportMetrics } = await import('../metrics/export-metrics.ts');
      await exportMetrics(folder, this.optsWithGlobals());
    });
}
