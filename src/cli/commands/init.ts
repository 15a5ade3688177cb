import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'init';
export const description = 'Makes this folder a workspace of a server, and syncs it; again: mends it.';
export const examples = ['da init https://agnes.example.com', 'da init'];

export function declare(command: BareCommand): void {
  command
    .argument('[server]', 'the server (default: that of this workspace, else the one you are signed in at)')
    .addOption(jsonOption())
    .action(async function (server) {
      const { init } = await import('../workspace/init.ts');
      await init(server, this.optsWithGlobals());
    });
}
