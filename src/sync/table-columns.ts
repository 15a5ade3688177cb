import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';

/** A column as of the last good sync, and what it means. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly description: string | null;
  readonly descriptionSource: 'manual' | 'source' | null;
}

/** The table's columns in order, as of the last good sync; what a person said of one counts before what its source says. */
export function tableColumns(services: Services, table: Table): TableColumn[] {
  const manual = new Map(table.columnDescriptions.map(({ name, description }) => [name, description]));
  const columns = services.generations.state(table.id)?.columns ?? [];
  return columns.map(({ name, type, description: told }) => {
    const said = manual.get(name);
    if (said !== undefined) return { name, type, description: said, descriptionSource: 'manual' };
    return { name, type, description: told ?? null, descriptionSource: told === undefined ? null : 'source' };
  });
}
