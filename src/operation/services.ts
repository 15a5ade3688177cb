import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Store, WriteTransaction } from '../store/store.ts';
import type { Principal } from './principal.ts';

/** Something that must hold after every commit that emits one of `topics`; `check` throws when it does not. */
export interface Invariant {
  readonly topics: ReadonlySet<string>;
  check(tx: WriteTransaction, services: Services): Promise<void>;
}

/**
 * What operations and queries work with; the composition root makes it once. Each domain augments it with what it brings:
 * `declare module '../operation/services.ts' { interface Services { accessIndex: AccessIndex } }`.
 */
export interface Services {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly invariants: readonly Invariant[];
  /** The same principal with the roles it has now; null when its credential or its user is no longer valid. */
  currentPrincipal(principal: Principal): Principal | null;
}
