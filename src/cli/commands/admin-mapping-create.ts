import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin mapping create';
export const description = 'Gives a role to everybody in an external group; it counts from then on.';
export const examples = ['da admin mapping create analysts@example.com core.analyst'];

export function declare(command: BareCommand): void {
  command
    .argument('<group>', 'the group’s id, exactly as the identity provider writes it')
    .argument('<role>', 'the role’s key, such as core.analyst')
    .addOption(jsonOption())
    .action(async function (group, role) {
      const { createMapping } = await import('../admin/create-mapping.ts');
      await createMapping({ group, role }, this.optsWithGlobals());
    });
}
