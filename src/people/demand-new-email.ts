import { ConflictError } from '../kernel/errors.ts';
import type { WriteTransaction } from '../store/store.ts';
import { selectUserByEmail } from './user.store.ts';

/** Throws a `ConflictError` when a user has this e-mail address (lower case) already. */
export async function demandNewEmail(tx: WriteTransaction, email: string): Promise<void> {
  if (await selectUserByEmail(tx.db, email)) {
    throw new ConflictError(`There is a user with the e-mail address ${email} already.`);
  }
}
