import type { BareCommand } from '../command.ts';
import { formatOption, jsonOption } from '../output/format-options.ts';

export const name = 'admin table list';
export const description = 'Lists every registered table with what its registration says.';
export const examples = ['da admin table list', 'da admin table list --source shop --json'];

export function declare(command: BareCommand): void {
  command
    .option('--source <source>', 'only tables of this source')
    .addOption(formatOption())
    .addOption(jsonOption())
    .action(async function () {
      const { listRegisteredTables } = await import('../registry/list-tables.ts');
      await listRegisteredTables(this.optsWithGlobals());
    });
}
