import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'metrics import';
export const description =
  'Stores the metric definitions of a YAML file or a folder of them: all, or none when one has a fault.';
export const examples = ['da metrics import docs/metrics', 'da metrics import docs/metrics/revenue/mrr.yml --json'];

export function declare(command: BareCommand): void {
  command
    .argument('<path>', 'the file or the folder')
    .addOption(jsonOption())
    .action(async function (path) {
      const { importMetrics } = await import('../metrics/import-metrics.ts');
      await importMetrics(path, this.optsWithGlobals());
    });
}
