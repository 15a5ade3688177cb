import { type Catalog, type UnreadTable } from '../engine/statement-pool.ts';
import { newId } from '../kernel/ids.ts';
import type { Services } from '../operation/services.ts';
import { RemoteFailedError } from './remote-errors.ts';
import type { RemoteOrder } from './remote-order.ts';
import type { RemoteRows } from './remote-reader.ts';

/** What has to be read at their sources so that a statement can see these tables: of each the columns it may need. */
export function unreadOrders(services: Services, unread: readonly UnreadTable[]): RemoteOrder[] {
  return unread.map(({ sqlName, columns }) => {
    const table = services.registry.tableBySqlName(sqlName);
    const source = table && services.registry.source(table.sourceId);
    const tableStatement = source && services.connectors.statementsOf(source.connector)?.tableStatement;
    if (!tableStatement) throw new RemoteFailedError(sqlName, 'The table cannot be read at its source any more.');
    return { name: sqlName, source, statement: tableStatement(source.config, table.options, columns) };
  });
}

/** The catalog of one statement in which these tables have the rows that were read. */
export function withRows(catalog: Catalog, rows: readonly RemoteRows[]): Catalog {
  const filesOf = new Map(rows.map(({ name, files }) => [name, files]));
  const tables = catalog.tables.map((table) => {
    const files = filesOf.get(table.sqlName);
    return files ? { ...table, files, columns: undefined } : table;
  });
  return { key: newId(), once: true, tables };
}
