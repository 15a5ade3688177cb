import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin table push-columns';
export const description = 'Writes types and descriptions of a table’s columns to its source, where they differ there.';
export const examples = ['da admin table push-columns crm.orders', 'da admin table push-columns crm.orders --json'];

export function declare(command: BareCommand): void {
  command
    .argument('<sqlName>', 'how statements name the table, such as crm.orders')
    .addOption(jsonOption())
    .action(async function (sqlName) {
      const { pushColumnsOf } = await import('../registry/push-columns.ts');
      await pushColumnsOf(sqlName, this.optsWithGlobals());
    });
}
