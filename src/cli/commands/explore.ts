import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'explore';
export const description =
  'Shows what is in a table: rows, columns, missing values, smallest and largest, and a few rows.';
export const examples = ['da explore shop.orders', 'da explore shop.orders --remote --json'];

export function declare(command: BareCommand): void {
  command
    .argument('<table>', 'its SQL name or its alias')
    .option('--remote', 'ask the server; without it the copy in this workspace')
    .addOption(jsonOption())
    .action(async function (table) {
      const { explore } = await import('../tables/explore.ts');
      await explore(table, this.optsWithGlobals());
    });
}
