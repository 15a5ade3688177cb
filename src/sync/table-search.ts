import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';
import { tableColumns } from './table-columns.ts';

/** Whether a table is found by this text, in whatever case: by its names, its description, or the name or description of a column. */
export function isFoundBy(services: Services, table: Table, search: string): boolean {
  const text = search.trim().toLowerCase();
  if (text === '') return true;
  const hasText = (part: string | null) => part !== null && part.toLowerCase().includes(text);
  return (
    hasText(table.sqlName) ||
    hasText(table.alias) ||
    hasText(table.description) ||
    tableColumns(services, table).some(({ name, description }) => hasText(name) || hasText(description))
  );
}
