import { Argument } from '@commander-js/extra-typings';
import type { BareCommand } from '../command.ts';

export const name = 'completion';
export const description = 'Prints a script that lets a shell complete the words of `da`.';
export const examples = ['source <(da completion bash)', 'da completion fish > ~/.config/fish/completions/da.fish'];

export function declare(command: BareCommand): void {
  const shell = new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish', 'powershell'] as const);
  command.addArgument(shell).action(async (chosen) => {
    const { script } = await import('@bomb.sh/tab');
    script(chosen, 'da', 'da');
  });
}
