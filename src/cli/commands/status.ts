import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'status';
export const description =
  'Shows the server, who you are there, and whether this workspace is in step; ends with 1 if not.';
export const examples = ['da status', 'da status --json'];

export function declare(command: BareCommand): void {
  command.addOption(jsonOption()).action(async function () {
    const { showStatus } = await import('../doctor/status.ts');
    await showStatus(this.optsWithGlobals());
  });
}
