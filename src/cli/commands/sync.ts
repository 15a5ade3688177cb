import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'sync';
export const description = 'Brings this workspace in step with the server: what you may read, and nothing else.';
export const examples = [
  'da sync',
  'da sync --dry-run',
  'da sync --table shop.orders',
  'da sync --watch',
  'da sync --upload',
];

export function declare(command: BareCommand): void {
  command
    .option('--dry-run', 'tell what would be brought and removed, and change nothing')
    .option('--table <sqlName>', 'bring only this table; again for more', collect)
    .option('--prune-only', 'bring nothing; remove what is no longer yours, or not chosen')
    .option('--watch', 'stay, and sync again whenever something changes that you may read')
    .option('--upload', 'also send new notes and logs of sessions, this time; `da uploads on` does it each time')
    .option('--upload-only', 'send these, and bring nothing')
    .option('--quiet', 'print only what failed')
    .addOption(jsonOption())
    .action(async function () {
      const { sync } = await import('../laptop/sync.ts');
      await sync(this.optsWithGlobals());
    });
}

function collect(sqlName: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), sqlName];
}
