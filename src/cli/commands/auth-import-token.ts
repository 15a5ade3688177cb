import type { BareCommand } from '../command.ts';

export const name = 'auth import-token';
export const description = 'Stores a personal access token, once the server has accepted it.';
export const examples = [
  'da auth import-token --server https://agnes.example.com --token-file token.txt',
  'pass show agnes | da auth import-token --server https://agnes.example.com',
];

export function declare(command: BareCommand): void {
  command.option('--token-file <file>', 'read the token from a file instead of stdin').action(async function () {
    const { importToken } = await import('../auth/import-token.ts');
    await importToken(this.optsWithGlobals());
  });
}
