import type { Services } from '../operation/services.ts';
import type { WriteTransaction } from '../store/store.ts';
import { deleteExpiredExports, deleteExportsOf } from './export.store.ts';

declare module '../sharing/delete-user.ts' {
  interface RemovedWithUser {
    readonly exports: number;
  }
}

/** Removes a user's exports inside a transaction; their files go after its commit. */
export async function removeExportsOf(tx: WriteTransaction, userId: string): Promise<{ exports: number }> {
  return { exports: await deleteExportsOf(tx, userId) };
}

/** Removes the exports that have expired, with their files. */
export async function removeExpiredExports({ store, clock }: Services): Promise<void> {
  await store.write((tx) => deleteExpiredExports(tx, clock.now()));
}
