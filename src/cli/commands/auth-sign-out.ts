import type { BareCommand } from '../command.ts';

export const name = 'auth sign-out';
export const description = 'Forgets the stored token; the server still accepts it until it is revoked there.';
export const examples = ['da auth sign-out'];

export function declare(command: BareCommand): void {
  command.action(async () => {
    const { signOut } = await import('../auth/sign-out.ts');
    await signOut();
  });
}
