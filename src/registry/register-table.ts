import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { checkStatements } from './check-statements.ts';
import { demandSource, newTable, newTableInput } from './new-table.ts';
import type { Table } from './table.ts';
import { insertTables } from './table.store.ts';
import { TakenNames } from './taken-names.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'table.registered': { sqlName: string; source: string; isPublic: boolean };
  }
}

/** Registers one relation of a source as a table; private unless `isPublic` is given. */
export const registerTable = defineOperation({
  rule: { role: 'core.admin' },
  event: 'table.registered',
  input: newTableInput.extend({ source: z.string() }),
  async prepare({ input, services }) {
    const source = demandSource(services, input.source);
    await checkStatements(services, { source, tables: [{ options: input.options, path: 'options' }] });
  },
  async run({ tx, input, services, record }): Promise<Table> {
    const source = demandSource(services, input.source);
    const table = newTable(services, { source, input, at: tx.at });
    new TakenNames(services.registry).refuse(table);
    await insertTables(tx, [table]);
    const { sqlName, isPublic } = table;
    record({ resource: `table:${table.id}`, details: { sqlName, source: source.name, isPublic } });
    return table;
  },
});
