import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'metrics validate';
export const description =
  'Checks metric definitions, also against the tables, and stores nothing; exit 1 with any fault.';
export const examples = ['da metrics validate docs/metrics', 'da metrics validate --json'];

export function declare(command: BareCommand): void {
  command
    .argument('[path]', 'a file or a folder; what the server has stored unless given')
    .addOption(jsonOption())
    .action(async function (path) {
      const { validateMetrics } = await import('../metrics/validate-metrics.ts');
      await validateMetrics(path, this.optsWithGlobals());
    });
}
