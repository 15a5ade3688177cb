import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin table register';
export const description = 'Registers one relation of a source as a table, private unless said otherwise.';
export const examples = ['da admin table register shop orders --options \'{"path": "orders.csv"}\''];

export function declare(command: BareCommand): void {
  command
    .argument('<source>', 'the name of the source')
    .argument('<name>', 'a lower-case SQL identifier, unique in the source')
    .requiredOption('--options <json>', 'what the connector needs: a JSON object, @<file>, or @- for stdin')
    .option('--sql-name <sqlName>', 'how statements name it; <source>.<name> unless given')
    .option('--alias <name>', 'a further, bare name for statements')
    .option('--bucket <bucket>', 'the group it stands in at its source')
    .option('--description <text>', 'what its rows are')
    .option('--primary-key <columns>', 'the columns that tell rows apart, with commas between')
    .option('--schedule <schedule>', 'when it is synced by itself, such as "every 15m" or "daily 07:00" (UTC)')
    .option('--watermark-column <column>', 'a column that grows with each new row; a sync takes only newer rows')
    .option('--at-source', 'never copy it: each statement that names it reads it at its source')
    .option('--public', 'let every signed-in person read it')
    .addOption(jsonOption())
    .action(async function (source, table) {
      const { registerTable } = await import('../registry/register-table.ts');
      await registerTable({ source, name: table }, this.optsWithGlobals());
    });
}
