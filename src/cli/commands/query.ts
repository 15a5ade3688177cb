import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'query';
export const description = 'Runs one SELECT of DuckDB’s SQL over the tables that you may read.';
export const examples = [
  "da query --remote 'SELECT count(*) FROM shop.orders'",
  'da query --remote --file report.sql --format csv > report.csv',
  "echo 'SELECT 1 AS one' | da query --remote --json",
];

export function declare(command: BareCommand): void {
  command
    .argument('[sql]', 'the statement; read from stdin when neither it nor --file is given')
    .option('--remote', 'ask the server')
    .option('--file <file>', 'read the statement from a file')
    .addOption(new Option('--limit <rows>', 'how many rows at most, up to 10000').argParser(parseLimit).default(1000))
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function (sql) {
      const { query } = await import('../statement/query.ts');
      await query(sql, this.optsWithGlobals());
    });
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return Number(text);
}
