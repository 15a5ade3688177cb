import type { BareCommand } from '../command.ts';

export const name = 'auth sign-out';
export const description =
  'Ends the sign-in of this machine and forgets the stored token; an imported token has to be revoked in the web app.';
export const examples = ['da auth sign-out'];

export function declare(command: BareCommand): void {
  command.action(async () => {
    const { signOut } = await import('../auth/sign-out.ts');
    await signOut();
  });
}
