import { Option } from '@commander-js/extra-typings';
import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin table update';
export const description = 'Changes what is given of a table and leaves the rest.';
export const examples = [
  "da admin table update shop.orders --description 'One row per order' --public",
  'da admin table update shop.orders --sql-name sales.orders --clear alias',
];

export function declare(command: BareCommand): void {
  command
    .argument('<sqlName>', 'how statements name the table, such as shop.orders')
    .option('--sql-name <sqlName>', 'how statements name it from then on')
    .option('--alias <name>', 'a further, bare name for statements')
    .option('--bucket <bucket>', 'the group it stands in at its source')
    .option('--description <text>', 'what its rows are')
    .option('--primary-key <columns>', 'the columns that tell rows apart, with commas between')
    .option('--schedule <schedule>', 'when it is synced by itself, such as "every 15m" or "daily 07:00" (UTC)')
    .option('--watermark-column <column>', 'a column that grows with each new row; a sync takes only newer rows')
    .option('--options <json>', 'what the connector needs: a JSON object, @<file>, or @- for stdin')
    .addOption(new Option('--public', 'let every signed-in person read it').conflicts('private'))
    .addOption(new Option('--private', 'let only those read it who have a grant').conflicts('public'))
    .addOption(clearOption())
    .addOption(jsonOption())
    .action(async function (sqlName) {
      const { updateTable } = await import('../registry/update-table.ts');
      await updateTable(sqlName, this.optsWithGlobals());
    });
}

function clearOption() {
  return new Option('--clear <fields...>', 'what the table is to have no longer').choices([
    'alias',
    'bucket',
    'description',
    'primary-key',
    'schedule',
    'watermark-column',
  ] as const);
}
