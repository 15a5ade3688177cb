import { join } from 'node:path';
import { withLock } from './lock-file.ts';

/** Runs `work` while no other process changes what this folder stores of a sign-in. */
export function withSignInLock<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const lock = {
    path: join(folder, 'refresh.lock'),
    holderDoes: 'is busy with the sign-in',
    longestWaitMilliseconds: 60_000,
    staleMilliseconds: 120_000,
  };
  return withLock(lock, work);
}
