import { Option } from '@commander-js/extra-typings';
import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'export';
export const description = 'Writes the whole result of one SELECT on the server to a file here.';
export const examples = [
  "da export 'FROM shop.orders' --output orders.parquet",
  'da export --file report.sql --format csv --output report.csv',
];

export function declare(command: BareCommand): void {
  command
    .argument('[sql]', 'the statement; read from stdin when neither it nor --file is given')
    .requiredOption('--output <file>', 'the file to write; it is replaced once the new one is whole')
    .addOption(
      new Option('--format <format>', 'what the file is to be (default: what its name ends with)').choices([
        'parquet',
        'csv',
        'ndjson',
      ] as const),
    )
    .option('--file <file>', 'read the statement from a file')
    .addOption(jsonOption())
    .action(async function (sql) {
      const { exportStatement } = await import('../statement/export.ts');
      await exportStatement(sql, this.optsWithGlobals());
    });
}
