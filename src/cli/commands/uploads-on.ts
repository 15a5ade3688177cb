import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'uploads on';
export const description = 'Makes each `da sync` of this workspace send new notes and session logs to the server.';
export const examples = ['da uploads on', 'da uploads on --sessions work/sessions'];

export function declare(command: BareCommand): void {
  command
    .option('--sessions <folder>', 'where in the workspace the logs of sessions are (*.jsonl); `sessions` unless said')
    .addOption(jsonOption())
    .action(async function () {
      const { switchUploads } = await import('../uploads/switch-uploads.ts');
      await switchUploads(true, this.optsWithGlobals());
    });
}
