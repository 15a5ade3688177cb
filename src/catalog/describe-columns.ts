import { z } from 'zod';
import { InvalidInputError, NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { changeTable } from '../registry/change-registry.ts';
import type { Table } from '../registry/table.ts';
import { readableTables } from './readable-tables.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    /** Null as a description: what a person said of it was removed. */
    'columns.described': { sqlName: string; columns: { name: string; description: string | null }[] };
  }
}

const columnInput = z.strictObject({
  name: z.string(),
  description: z
    .string()
    .trim()
    .min(1, 'Say what the column means, or give null to remove what was said.')
    .max(10_000, 'Use at most 10,000 characters.')
    .nullable(),
});

const describeColumnsInput = z
  .strictObject({
    tableId: z.string(),
    columns: z.array(columnInput).min(1, 'Name at least one column.').max(5000, 'Name at most 5,000 columns.'),
  })
  .superRefine(({ columns }, context) => {
    const seen = new Set<string>();
    for (const [index, { name }] of columns.entries()) {
      if (seen.has(name))
        context.addIssue({ code: 'custom', path: ['columns', index, 'name'], message: 'It is named twice.' });
      seen.add(name);
    }
  });

/**
 * Says what columns of a table mean; null removes what a person said, so that the word of the source counts again. Columns
 * that are not named keep theirs. All of it or nothing: one that the table does not have is a fault of the input.
 */
export const describeColumns = defineOperation({
  rule: { role: 'core.km_admin' },
  event: 'columns.described',
  input: describeColumnsInput,
  async run({ tx, input, principal, services, record }): Promise<Table> {
    const before = readableTables(services, principal!).find(({ id }) => id === input.tableId);
    if (!before) throw new NotFoundError('There is no table with this id.');
    const said = new Map(before.columnDescriptions.map(({ name, description }) => [name, description]));
    const synced = services.generations.state(before.id)?.columns ?? [];
    refuseUnknown(input.columns, new Set([...synced.map(({ name }) => name), ...said.keys()]));
    for (const { name, description } of input.columns) {
      if (description === null) said.delete(name);
      else said.set(name, description);
    }
    const columnDescriptions = [...said]
      .map(([name, description]) => ({ name, description }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const table = { ...before, columnDescriptions };
    await changeTable(tx, table);
    record({ resource: `table:${table.id}`, details: { sqlName: table.sqlName, columns: input.columns } });
    return table;
  },
});

/** A column that a person described and that went away can still be named. */
function refuseUnknown(columns: readonly { name: string }[], known: ReadonlySet<string>): void {
  const faults = columns.flatMap(({ name }, index) => {
    if (known.has(name)) return [];
    const message =
      known.size === 0
        ? 'The columns are not known before the first sync; sync the table first.'
        : `The table has no column ${JSON.stringify(name)}; it has ${[...known].slice(0, 50).join(', ')}.`;
    return [{ path: `columns.${index}.name`, message }];
  });
  if (faults.length > 0) throw new InvalidInputError(faults);
}
