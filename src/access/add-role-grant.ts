import { newId } from '../kernel/ids.ts';
import type { WriteTransaction } from '../store/store.ts';
import { insertRoleGrant } from './role-grant.store.ts';
import type { GrantPeriod, RoleGrant } from './role-grant.ts';

/**
 * Adds a grant inside a transaction, for ever unless a period is given; the caller has checked that user and role exist and
 * that the grant is new.
 */
export async function addRoleGrant(
  tx: WriteTransaction,
  given: Omit<RoleGrant, 'id' | 'grantedAt' | keyof GrantPeriod> & Partial<GrantPeriod>,
): Promise<RoleGrant> {
  const grant = { startsAt: null, expiresAt: null, ...given, id: newId(), grantedAt: tx.at };
  await insertRoleGrant(tx, grant);
  return grant;
}
