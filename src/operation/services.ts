import type { Clock } from '../kernel/clock.ts';
import type { Store } from '../store/store.ts';

/**
 * What operations and queries work with; the composition root makes it once. Each domain augments it with what it brings:
 * `declare module '../operation/services.ts' { interface Services { accessIndex: AccessIndex } }`.
 */
export interface Services {
  readonly store: Store;
  readonly clock: Clock;
}
