import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin role show';
export const description = 'Shows one role, what it implies, and the groups that are mapped to it.';
export const examples = ['da admin role show core.analyst', 'da admin role show core.analyst --json'];

export function declare(command: BareCommand): void {
  command
    .argument('<key>', 'the role’s key, such as core.analyst')
    .addOption(jsonOption())
    .action(async function (key) {
      const { showRole } = await import('../admin/show-role.ts');
      await showRole(key, this.optsWithGlobals());
    });
}
