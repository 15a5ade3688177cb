import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin table unregister';
export const description = 'Removes a table with its grants and what it holds.';
export const examples = ['da admin table unregister shop.orders'];

export function declare(command: BareCommand): void {
  command
    .argument('<sqlName>', 'how statements name the table, such as shop.orders')
    .addOption(jsonOption())
    .action(async function (sqlName) {
      const { unregisterTable } = await import('../registry/unregister-table.ts');
      await unregisterTable(sqlName, this.optsWithGlobals());
    });
}
