import type { WriteTransaction } from '../store/store.ts';
import { deleteRoleGrantsOf } from './role-grant.store.ts';

/** Removes every role grant of a user inside a transaction; resolves to how many there were. */
export function removeRoleGrantsOf(tx: WriteTransaction, userId: string): Promise<number> {
  return deleteRoleGrantsOf(tx, userId);
}
