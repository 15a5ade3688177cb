import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin key rotate';
export const description = 'Makes a new key that signs links from now on; links that are out stay good.';
export const examples = ['da admin key rotate', 'da admin key rotate --now'];

export function declare(command: BareCommand): void {
  command
    .option('--now', 'the older keys leaked: end them at once, and every link that they signed')
    .addOption(jsonOption())
    .action(async function () {
      const { rotateKey } = await import('../admin/rotate-key.ts');
      await rotateKey(this.optsWithGlobals());
    });
}
