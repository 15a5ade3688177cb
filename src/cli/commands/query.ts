import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { BareCommand } from '../command.ts';
import { jsonOption, queryFormatOption } from '../output/format-options.ts';

export const name = 'query';
export const description = 'Runs one SELECT of DuckDB’s SQL over the tables of this workspace, or of the server.';
export const examples = [
  "da query 'SELECT count(*) FROM shop.orders'",
  "da query 'FROM shop.orders' --output orders.parquet",
  "da query --remote 'SELECT count(*) FROM shop.orders'",
  'da query --remote --file report.sql --format csv > report.csv',
  "echo 'SELECT 1 AS one' | da query --remote --json",
  "da query 'FROM shop.orders JOIN visits USING (order_id)' --register-bq 'visits=SELECT order_id, page FROM web.visits'",
];

export function declare(command: BareCommand): void {
  command
    .argument('[sql]', 'the statement; read from stdin when it is given in no other way')
    .option('--remote', 'ask the server; without it the copies in this workspace')
    .option('--sql <sql>', 'the statement')
    .option('--file <file>', 'read the statement from a file')
    .option('--stdin', 'read one JSON object: {"sql": …, "register_bq": {alias: SQL}, "limit": …, "format": …}')
    .addOption(
      new Option(
        '--register-bq <alias=SQL>',
        'let a source run this SQL and join its rows by the alias; repeatable',
      ).argParser((value: string, before: string[] = []) => [...before, value]),
    )
    .option('--source <name>', 'the source that runs it; may be left out where only one runs statements')
    .option('--max-bytes-billed <bytes>', 'the most that all of it may be billed for at the sources')
    .addOption(
      new Option('--limit <rows>', 'how many rows at most, by --remote up to 10000; 1000 unless given').argParser(
        parseLimit,
      ),
    )
    .option('--output <file>', 'write every row to this file: .parquet, .csv or .ndjson')
    .addOption(queryFormatOption())
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
