import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { checkStatements } from './check-statements.ts';
import { acceptWatermark } from './new-table.ts';
import { parseOptions } from './parse-options.ts';
import { acceptQueryMode } from './query-mode.ts';
import { schedule } from './schedule.ts';
import { sqlName } from './source.ts';
import {
  tableAlias,
  tableBucket,
  tableDescription,
  tableOptions,
  tablePrimaryKey,
  tableWatermark,
} from './table-fields.ts';
import type { Table } from './table.ts';
import { updateStoredTable } from './table.store.ts';
import { TakenNames } from './taken-names.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    /** `before` and `after` hold the fields that changed. */
    'table.updated': { sqlName: string; before: Partial<Table>; after: Partial<Table> };
  }
}

const updateTableInput = z.strictObject({
  id: z.string(),
  sqlName: keptWhenLeftOut(sqlName, 'an SQL name'),
  isPublic: keptWhenLeftOut(z.boolean(), 'a visibility'),
  options: keptWhenLeftOut(tableOptions, 'options'),
  alias: tableAlias.nullish(),
  bucket: tableBucket.nullish(),
  description: tableDescription.nullish(),
  primaryKey: tablePrimaryKey.nullish(),
  schedule: schedule.nullish(),
  watermarkColumn: tableWatermark.nullish(),
});

/**
 * Changes a table; what is left out stays, and null clears what a table can be without. When the options change, the table
 * keeps its rows until a sync has read it anew: `optionsChanged` says so.
 */
export const updateTable = defineOperation({
  rule: { role: 'core.admin' },
  event: 'table.updated',
  input: updateTableInput,
  async prepare({ input, services }) {
    const source = services.registry.source(services.registry.table(input.id)?.sourceId ?? '');
    if (!source || !input.options) return;
    await checkStatements(services, { source, tables: [{ options: input.options, path: 'options' }] });
  },
  async run({ tx, input, services, record }): Promise<{ table: Table; optionsChanged: boolean }> {
    const before = services.registry.table(input.id);
    if (!before) throw new NotFoundError('There is no table with this id.');
    const table = changedTable(services, before, input);
    const changed = changedFields(before, table);
    if (changed.includes('sqlName') || changed.includes('alias')) {
      new TakenNames(services.registry, table.id).refuse(table);
    }
    if (changed.length > 0) await updateStoredTable(tx, table);
    record({
      resource: `table:${table.id}`,
      details: { sqlName: table.sqlName, before: only(before, changed), after: only(table, changed) },
    });
    return { table, optionsChanged: changed.includes('options') };
  },
});

function changedTable(services: Services, before: Table, input: z.output<typeof updateTableInput>): Table {
  const { id: _id, options, primaryKey, ...fields } = input;
  const connector = services.connectors.named(services.registry.source(before.sourceId)!.connector);
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  acceptWatermark(connector, { column: input.watermarkColumn ?? null });
  const next = options ? parseOptions(connector.tableOptions, { path: 'options', value: options }) : before.options;
  // Copied tables become materialized by a statement, and the other way round; one that is read at its source stays that.
  const queryMode =
    before.queryMode === 'remote' ? 'remote' : acceptQueryMode(connector, { queryMode: null, options: next, path: '' });
  return {
    ...before,
    ...given,
    primaryKey: primaryKey === undefined ? before.primaryKey : (primaryKey ?? []),
    options: next,
    queryMode,
  };
}

function changedFields(before: Table, after: Table): (keyof Table)[] {
  return (Object.keys(after) as (keyof Table)[]).filter((key) => !isDeepStrictEqual(before[key], after[key]));
}

function only(table: Table, fields: readonly (keyof Table)[]): Partial<Table> {
  return Object.fromEntries(fields.map((field) => [field, table[field]]));
}

function keptWhenLeftOut<Type extends z.ZodType>(type: Type, what: string) {
  return type
    .nullish()
    .refine((value) => value !== null, `A table always has ${what}; leave it out to keep what there is.`);
}
