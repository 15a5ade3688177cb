import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';

/** The registered tables that the principal may read, by SQL name. */
export function readableTables(services: Services, principal: Principal): Table[] {
  const readable = services.tableAccess.readableSet(principal);
  return services.registry.tables().filter(({ id }) => readable.has(id));
}

/** This column of the table as of its last sync, in whatever case it is written; null when it has none. */
export function findColumn(services: Services, table: Table, column: string): { name: string; type: string } | null {
  const columns = services.generations.state(table.id)?.columns ?? [];
  return columns.find(({ name }) => name.toLowerCase() === column.toLowerCase()) ?? null;
}

/** Whether a column of this type can tell when a row counts. */
export function isTime(type: string): boolean {
  return type === 'DATE' || type.startsWith('TIMESTAMP');
}
