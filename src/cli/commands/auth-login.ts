import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'auth login';
export const description = 'Signs this machine in, once you have entered its code in the web app.';
export const examples = ['da auth login --server https://agnes.example.com', 'da auth login --open'];

export function declare(command: BareCommand): void {
  command
    .option('--open', 'open the web app in a browser')
    .addOption(jsonOption())
    .action(async function () {
      const { logIn } = await import('../auth/log-in.ts');
      await logIn(this.optsWithGlobals());
    });
}
