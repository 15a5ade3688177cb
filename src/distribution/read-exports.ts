import { longestSignedMilliseconds } from '../identity/signing-keys.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Export } from './export.ts';
import { mayKnow } from './exported-tables.ts';
import { selectExport, selectExportsOf, selectOpenExports } from './export.store.ts';

/** The principal's exports, newest first. */
export async function readExportsOf(services: Services, principal: Principal): Promise<Export[]> {
  const rows = await selectExportsOf(services.store.db, principal.userId);
  return rows.filter((row) => mayKnow(services, principal, row));
}

/** How many exports have not ended. */
export async function countOpenExports({ store }: Services): Promise<number> {
  return (await selectOpenExports(store.db)).length;
}

/** The export with this id, when it is this principal's; null otherwise. */
export async function readExport(
  services: Services,
  { id, principal }: { id: string; principal: Principal },
): Promise<Export | null> {
  const row = await selectExport(services.store.db, id);
  return row && mayKnow(services, principal, row) ? row : null;
}

/** Whether the file can be had at this instant as far as the export goes. */
export function hasFile({ state, expiresAt }: Export, now: Date): boolean {
  return state === 'succeeded' && expiresAt > now;
}

/** Path and query under which this principal may fetch the file, for an hour at most; null when there is none. */
export function signedPathOf(services: Services, row: Export, principal: Principal): string | null {
  const now = services.clock.now();
  if (row.userId !== principal.userId || !hasFile(row, now)) return null;
  const expiresAt = new Date(Math.min(row.expiresAt.getTime(), now.getTime() + longestSignedMilliseconds));
  return services.urlSigner.sign(exportPath(row.id), {
    userId: row.userId,
    credential: principal.credential,
    expiresAt,
  });
}

/** The path of an export's file. */
export function exportPath(id: string): string {
  return `/exports/${id}`;
}
