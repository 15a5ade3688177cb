import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin upgrade-report';
export const description = 'Shows what was taken over from the predecessor, and what was left out.';
export const examples = ['da admin upgrade-report', 'da admin upgrade-report --json'];

export function declare(command: BareCommand): void {
  command.addOption(jsonOption()).action(async function () {
    const { showUpgradeReport } = await import('../admin/show-upgrade-report.ts');
    await showUpgradeReport(this.optsWithGlobals());
  });
}
