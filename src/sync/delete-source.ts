import { z } from 'zod';
import { Failure } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { removeSource } from '../registry/change-registry.ts';
import type { Source } from '../registry/source.ts';
import type { Table } from '../registry/table.ts';
import { removeTableGrantsOfSource } from '../sharing/remove-sharing.ts';
import { previewSourceRemoval } from './preview-removal.ts';
import { refuseWhileRunning } from './refuse-while-running.ts';
import { removeTables, type RemovedWithTables } from './remove-tables.ts';
import { deleteEventsOfSource } from './source-event.store.ts';
import { insertSourceLeftover } from './source-leftover.store.ts';
import { deleteTaskTurns } from './task-turn.store.ts';
import { demandSourceById } from './update-source.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'source.deleted': { name: string; connector: string; sqlNames: string[]; removed: RemovedWithTables };
  }
}

/** The source has tables, and nobody said that they are to go along; `tables` and `wouldRemove` say what would be lost. */
export class SourceHasTablesError extends Failure {
  readonly code = 'SOURCE_HAS_TABLES';
  readonly tables: readonly Table[];
  readonly wouldRemove: RemovedWithTables;

  constructor(source: Source, tables: readonly Table[], wouldRemove: RemovedWithTables) {
    const count = tables.length === 1 ? 'a table' : `${tables.length} tables`;
    super(`The source ${source.name} has ${count}; unregister them first, or ask to remove them along with it.`);
    this.tables = tables;
    this.wouldRemove = wouldRemove;
  }
}

/** Removes a source, with its tables only when `removeTables` says so. Refused while a run of it is on its way. */
export const deleteSource = defineOperation({
  rule: { role: 'core.admin' },
  event: 'source.deleted',
  input: z.strictObject({ id: z.string(), removeTables: z.boolean().nullish() }),
  async run({ tx, input, services, record }): Promise<{ source: Source; removed: RemovedWithTables }> {
    const source = demandSourceById(services, input.id);
    await refuseWhileRunning(tx, source);
    const tables = services.registry.tablesOf(source.id);
    if (tables.length > 0 && !input.removeTables) {
      throw new SourceHasTablesError(source, tables, await previewSourceRemoval(tx.db, services, source));
    }
    const withTables = await removeTables(tx, services, tables);
    const tableGrants = withTables.tableGrants + (await removeTableGrantsOfSource(tx, source.id));
    const removed = { ...withTables, tableGrants };
    await deleteEventsOfSource(tx, source.id);
    await deleteTaskTurns(tx, source.id);
    await removeSource(tx, source);
    await insertSourceLeftover(tx, source);
    const sqlNames = tables.map((table) => table.sqlName);
    record({
      resource: `source:${source.id}`,
      details: { name: source.name, connector: source.connector, sqlNames, removed },
    });
    return { source, removed };
  },
});
