import { checkPeriod } from '../access/check-period.ts';
import { hasEnded } from '../access/role-grant.ts';
import { ConflictError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { WriteTransaction } from '../store/store.ts';
import { deleteTableGrant, insertTableGrant, selectSameTableGrant } from './table-grant.store.ts';
import type { TableGrant } from './table-grant.ts';

/** A grant that is to be made; `granteeLabel` and `scopeLabel` name the two in a refusal. */
export interface NewTableGrant extends Omit<TableGrant, 'id' | 'grantedAt'> {
  readonly granteeLabel: string;
  readonly scopeLabel: string;
}

/**
 * Adds a table grant inside a transaction; one of the same scope and grantee that has ended makes room. Throws a
 * `ConflictError` when one stands, and an `InvalidInputError` for a period that cannot be. The caller has checked that scope
 * and grantee exist.
 */
export async function addTableGrant(tx: WriteTransaction, given: NewTableGrant): Promise<TableGrant> {
  const { granteeLabel, scopeLabel, ...rest } = given;
  checkPeriod(rest, tx.at);
  const standing = await selectSameTableGrant(tx.db, rest);
  if (standing && !hasEnded(standing, tx.at.getTime())) {
    throw new ConflictError(`${granteeLabel} has a grant on ${scopeLabel} already; revoke it first.`);
  }
  if (standing) await deleteTableGrant(tx, standing);
  const grant = { ...rest, id: newId(), grantedAt: tx.at };
  await insertTableGrant(tx, grant);
  return grant;
}
