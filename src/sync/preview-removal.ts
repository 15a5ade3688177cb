import type { Kysely } from 'kysely';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';
import type { Table } from '../registry/table.ts';
import { countSharingOf } from '../sharing/remove-sharing.ts';
import type { Database } from '../store/database.ts';
import { heldBy, type RemovedWithTables } from './remove-tables.ts';

/** What would be lost with this source and all of its tables. */
export function previewSourceRemoval(
  db: Kysely<Database>,
  services: Services,
  source: Source,
): Promise<RemovedWithTables> {
  return preview(db, services, { sourceId: source.id, tables: services.registry.tablesOf(source.id) });
}

/** What would be lost with this table. */
export function previewTableRemoval(services: Services, table: Table): Promise<RemovedWithTables> {
  return preview(services.store.db, services, { sourceId: null, tables: [table] });
}

async function preview(
  db: Kysely<Database>,
  services: Services,
  given: { sourceId: string | null; tables: readonly Table[] },
): Promise<RemovedWithTables> {
  const { sourceId, tables } = given;
  const sharing = await countSharingOf(db, services, { sourceId, tableIds: tables.map(({ id }) => id) });
  return { tables: tables.length, ...sharing, ...heldBy(services, tables) };
}
