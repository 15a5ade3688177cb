import type { Lock } from '../connection/lock-file.ts';
import { placesIn, type Workspace } from './workspace.ts';

const staleMilliseconds = 3_600_000;

/** The lock of what may run once at a time in a workspace; who finds it taken gives up at once. */
export function syncLock({ folder }: Workspace): Lock {
  return {
    path: placesIn(folder).lock,
    holderDoes: 'syncs this workspace',
    longestWaitMilliseconds: 0,
    staleMilliseconds,
  };
}
