import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'uploads off';
export const description = 'Makes `da sync` of this workspace send no files, as it is from the beginning.';
export const examples = ['da uploads off'];

export function declare(command: BareCommand): void {
  command.addOption(jsonOption()).action(async function () {
    const { switchUploads } = await import('../uploads/switch-uploads.ts');
    await switchUploads(false, this.optsWithGlobals());
  });
}
