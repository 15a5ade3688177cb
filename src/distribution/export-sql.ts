import { z } from 'zod';
import { ConflictError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { tablesNamed } from './exported-tables.ts';
import { keptHours, openPerPerson, type Export } from './export.ts';
import { insertExport, selectExportsOf } from './export.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'statement.exported': { statement: string; format: Export['format']; tables: string[] };
  }
}

const hourMilliseconds = 3_600_000;

/**
 * Queues the export of one SELECT over exactly the tables that the caller may read, and answers at once. A statement that `sql`
 * would refuse is refused here, before anything is kept of it.
 */
export const exportSql = defineOperation({
  rule: { role: 'core.analyst' },
  event: 'statement.exported',
  input: z.strictObject({ statement: z.string(), format: z.enum(['parquet', 'csv', 'ndjson']) }),
  async prepare({ input, principal, services }): Promise<string[]> {
    const catalog = services.generations.catalogFor(services.tableAccess.readableSet(principal!));
    return services.statements.check({ catalog, statement: input.statement, owner: principal!.userId });
  },
  async run({ tx, input, prepared: tables, principal, services, record }): Promise<Export> {
    const { userId } = principal!;
    const open = (await selectExportsOf(tx.db, userId)).filter(isOpen);
    if (open.length >= openPerPerson) {
      throw new ConflictError(`${open.length} of your exports are on their way; wait until one has ended.`);
    }
    const row: Export = {
      id: newId(),
      userId,
      statement: input.statement,
      format: input.format,
      state: 'queued',
      tableIds: tablesNamed(services, { reader: principal!, sqlNames: tables }),
      rows: null,
      sizeBytes: null,
      sha256: null,
      error: null,
      createdAt: tx.at,
      finishedAt: null,
      expiresAt: new Date(tx.at.getTime() + keptHours * hourMilliseconds),
    };
    await insertExport(tx, row);
    const { statement, format } = input;
    record({ resource: `export:${row.id}`, details: { statement, format, tables } });
    return row;
  },
});

function isOpen({ state }: Export): boolean {
  return state === 'queued' || state === 'running';
}
