import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'tables list';
export const description = 'Lists the tables that you may read.';
export const examples = ['da tables list', 'da tables list --search orders --json', 'da tables list --local'];

export function declare(command: BareCommand): void {
  command
    .option('--search <text>', 'only tables whose SQL name, alias or description contains this text')
    .option('--local', 'those in this workspace, with their size, without asking the server')
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const options = this.optsWithGlobals();
      if (options.local) {
        const { listLocalTables } = await import('../tables/list-local-tables.ts');
        return listLocalTables(options);
      }
      const { listTables } = await import('../tables/list-tables.ts');
      await listTables(options);
    });
}
