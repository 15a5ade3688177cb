import type { WriteTransaction } from '../store/store.ts';
import { addRoleGrant } from './add-role-grant.ts';
import { deleteRoleGrant, selectRoleGrantsOf } from './role-grant.store.ts';
import { countsAt } from './role-grant.ts';

/** Gives a user this role inside a transaction, from now on and without an end, in the place of a grant for a time. */
export async function giveLastingGrant(
  tx: WriteTransaction,
  { userId, roleKey }: { userId: string; roleKey: string },
): Promise<void> {
  const held = (await selectRoleGrantsOf(tx.db, userId)).find((grant) => grant.roleKey === roleKey);
  if (held && held.expiresAt === null && countsAt(held, tx.at.getTime())) return;
  if (held) await deleteRoleGrant(tx, held);
  await addRoleGrant(tx, { userId, roleKey, source: 'system', grantedBy: 'system' });
}
