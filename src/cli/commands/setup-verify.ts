import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'setup verify';
export const description = 'Looks whether a server is set up and works: one line for each check, with what to do.';
export const examples = ['da setup verify', 'da setup verify --json'];

export function declare(command: BareCommand): void {
  command.addOption(jsonOption()).action(async function () {
    const { verifySetup } = await import('../setup/verify-setup.ts');
    await verifySetup(this.optsWithGlobals());
  });
}
