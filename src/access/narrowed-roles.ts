import type { Narrowing } from '../operation/principal.ts';
import type { AccessIndex } from './access-index.ts';

/**
 * The roles that reach beyond tables: they see and change what belongs to everybody, or read at a source whatever this
 * instance may read there. A token that is limited to tables has none of them.
 */
export const rolesBeyondTables: ReadonlySet<string> = new Set(['core.admin', 'core.km_admin', 'query.remote_spender']);

const kept = new WeakMap<Narrowing, { owned: ReadonlySet<string>; roles: ReadonlySet<string> }>();

/** The effective roles of the owner now, as far as `narrowing` keeps them; the same set as before while nothing changes. */
export function narrowedRoles(
  access: AccessIndex,
  { userId, narrowing }: { userId: string; narrowing: Narrowing },
): ReadonlySet<string> {
  const owned = access.rolesOf(userId);
  if (narrowing.roleKeys === null) return owned;
  const known = kept.get(narrowing);
  if (known?.owned === owned) return known.roles;
  const closure = access.expand(narrowing.roleKeys);
  const roles = new Set([...owned].filter((key) => closure.has(key)));
  kept.set(narrowing, { owned, roles });
  return roles;
}
