import { coreAnalyst } from '../access/core-roles.ts';
import { NotFoundError } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Reader } from '../sharing/table-access.ts';
import type { Export } from './export.ts';

/** The ids of the tables with these `sqlName`s; throws a `NotFoundError` when the reader may no longer read one of them. */
export function tablesNamed(
  services: Services,
  { reader, sqlNames }: { reader: Reader | string; sqlNames: readonly string[] },
): string[] {
  const readable = services.tableAccess.readableSet(reader);
  const idOf = new Map(readable.ids.map((id) => [services.registry.table(id)?.sqlName, id]));
  return sqlNames.map((sqlName) => {
    const id = idOf.get(sqlName);
    if (id === undefined) throw new NotFoundError('A table of the statement is gone, or you may no longer read it.');
    return id;
  });
}

/** Whether this principal may know of the export: all of its owner's credentials may, except a token narrowed to less. */
export function mayKnow(services: Services, principal: Principal, row: Pick<Export, 'userId' | 'tableIds'>): boolean {
  if (row.userId !== principal.userId) return false;
  if (!principal.narrowing) return true;
  const readable = services.tableAccess.readableSet(principal);
  return row.tableIds.every((id) => readable.has(id));
}

/** Whether the owner may have the file at this instant: active, still an analyst, and still reading every table in it. */
export function ownerMayHave(services: Services, { userId, tableIds }: Pick<Export, 'userId' | 'tableIds'>): boolean {
  const { accessIndex, tableAccess } = services;
  accessIndex.passTime(services.clock.now());
  if (!accessIndex.user(userId)?.active || !accessIndex.rolesOf(userId).has(coreAnalyst.key)) return false;
  const readable = tableAccess.readableSet(userId);
  return tableIds.every((id) => readable.has(id));
}
