import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin table register-all';
export const description = 'Registers all that a source offers and that no table reads yet: all of it, or nothing.';
export const examples = [
  'da admin table register-all shop',
  'da admin table register-all shop --public --json',
  'da admin table register-all crm --bucket in.c-crm',
  'da admin table register-all warehouse --at-source',
];

export function declare(command: BareCommand): void {
  command
    .argument('<source>', 'the name of the source')
    .option('--bucket <bucket>', 'only what stands in this group at the source')
    .option('--at-source', 'never copy them: each statement that names one reads it at its source')
    .option('--public', 'let every signed-in person read them')
    .addOption(jsonOption())
    .action(async function (source) {
      const { registerOfferedTables } = await import('../registry/register-tables.ts');
      await registerOfferedTables(source, this.optsWithGlobals());
    });
}
