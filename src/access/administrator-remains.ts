import { Failure } from '../kernel/errors.ts';
import type { Invariant } from '../operation/services.ts';
import { countLastingHolders } from './role-grant.store.ts';
import { selectRoles } from './role.store.ts';
import { expandRoles } from './role-graph.ts';

/** The change would leave nobody who can administer the instance, or only people who cease to. */
export class LastAdminError extends Failure {
  readonly code = 'LAST_ADMIN';

  constructor() {
    super('This would leave no permanent, active administrator; make somebody else one first.');
  }
}

const administrator = 'core.admin';

/**
 * Once there is an active administrator, there is one after every commit: by a direct grant, or by a role that implies
 * `core.admin`. Who is going to cease to be one, or is yet to become one, does not count; neither does who is one by an
 * external group only, because the identity provider can empty a group at any time without asking us. So no change of
 * mappings and groups can violate it. It is checked inside the
 * transaction, and transactions run one at a time, so two at the same instant cannot both pass.
 */
export const administratorRemains: Invariant = {
  topics: new Set(['user', 'role', 'roleGrant']),
  async check(tx, services) {
    if (services.accessIndex.lastingHolders(administrator) === 0) return;
    const roles = await selectRoles(tx.db);
    const graph = new Map(roles.map((role) => [role.key, role]));
    const giving = roles.map((role) => role.key).filter((key) => expandRoles(graph, [key]).has(administrator));
    const holders = giving.length === 0 ? 0 : await countLastingHolders(tx, giving);
    if (holders === 0) throw new LastAdminError();
  },
};
