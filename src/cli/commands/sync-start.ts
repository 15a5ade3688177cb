import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'sync start';
export const description = 'Starts a sync of a source, of some of its tables, or only some of its tasks.';
export const examples = [
  'da sync start shop',
  'da sync start shop --watch',
  'da sync start shop --table shop.orders --table shop.customers --watch --json',
  'da sync start jira --task consistencyCheck --task slaPoll --watch',
];

export function declare(command: BareCommand): void {
  command
    .argument('<source>', 'the name of the source')
    .option('--table <sqlName>', 'only this table; may be given again', addToList)
    .option('--task <name>', 'only this task of the source; may be given again', addToList)
    .option('--full', 'take all rows, also of tables of which only newer rows are taken')
    .option('--watch', 'follow the run until it ends: exit 0 succeeded, 5 partial, 1 failed')
    .addOption(jsonOption())
    .action(async function (source) {
      const { startSync } = await import('../sync-run/start-sync.ts');
      await startSync(source, this.optsWithGlobals());
    });
}

function addToList(value: string, before: string[] = []): string[] {
  return [...before, value];
}
