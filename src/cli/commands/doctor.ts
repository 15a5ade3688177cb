import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'doctor';
export const description =
  'Says what is wrong with this workspace, the sign-in or the server, and the command that mends it.';
export const examples = ['da doctor', 'da doctor --deep --json'];

export function declare(command: BareCommand): void {
  command
    .option('--deep', 'read every file here and compare its hash')
    .addOption(jsonOption())
    .action(async function () {
      const { doctor } = await import('../doctor/doctor.ts');
      await doctor(this.optsWithGlobals());
    });
}
