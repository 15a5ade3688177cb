import { z } from 'zod';
import { ConflictError, NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Table } from '../registry/table.ts';
import { removeTables, type RemovedWithTables } from './remove-tables.ts';
import { selectTablesInOpenRuns } from './sync-run.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'table.unregistered': { sqlName: string; source: string; removed: RemovedWithTables };
  }
}

/**
 * Removes a table with its grants and what it holds; it is gone for everybody from the commit on. Refused while a run is
 * about to read it. What past runs say of it stays.
 */
export const unregisterTable = defineOperation({
  rule: { role: 'core.admin' },
  event: 'table.unregistered',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, services, record }): Promise<{ table: Table; removed: RemovedWithTables }> {
    const table = services.registry.table(input.id);
    if (!table) throw new NotFoundError('There is no table with this id.');
    if ((await selectTablesInOpenRuns(tx.db, table.sourceId)).has(table.id)) {
      throw new ConflictError(`A run over ${table.sqlName} is on its way; wait until it has ended.`);
    }
    const source = services.registry.source(table.sourceId)?.name ?? '';
    const removed = await removeTables(tx, services, [table]);
    record({ resource: `table:${table.id}`, details: { sqlName: table.sqlName, source, removed } });
    return { table, removed };
  },
});
