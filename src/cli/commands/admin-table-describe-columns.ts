import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin table describe-columns';
export const description = 'Says what columns of a table mean; columns that are not named keep what is said of them.';
export const examples = [
  `da admin table describe-columns shop.orders '{"state": "open, paid or void"}'`,
  'da admin table describe-columns shop.orders @columns.json --push',
];

export function declare(command: BareCommand): void {
  command
    .argument('<sqlName>', 'how statements name the table, such as shop.orders')
    .argument('<columns>', 'a JSON object from column to text, or to null to remove one; @<file>, or @- for stdin')
    .option('--push', 'write them to the source, too')
    .addOption(jsonOption())
    .action(async function (sqlName, columns) {
      const { describeColumns } = await import('../registry/describe-columns.ts');
      await describeColumns({ sqlName, columns }, this.optsWithGlobals());
    });
}
