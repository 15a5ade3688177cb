import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'auth whoami';
export const description = 'Asks the server who you are there, and with which roles.';
export const examples = ['da auth whoami', 'da auth whoami --json'];

export function declare(command: BareCommand): void {
  command.addOption(jsonOption()).action(async function () {
    const { showViewer } = await import('../auth/show-viewer.ts');
    await showViewer(this.optsWithGlobals());
  });
}
