import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'sync choose';
export const description = 'Says which tables come to your laptops at the next `da sync`.';
export const examples = ['da sync choose shop.orders shop.customers', 'da sync choose --all'];

export function declare(command: BareCommand): void {
  command
    .argument('[table...]', 'SQL names of tables, such as `shop.orders`')
    .option('--all', 'all that you may read, also those that come later')
    .addOption(jsonOption())
    .action(async function (tables) {
      const { chooseTables } = await import('../laptop/choose-tables.ts');
      await chooseTables(tables, this.optsWithGlobals());
    });
}
