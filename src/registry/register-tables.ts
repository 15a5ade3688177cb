import { z } from 'zod';
import { InvalidInputError, type FieldFault } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { checkStatements } from './check-statements.ts';
import { demandSource, newTable, newTableInput } from './new-table.ts';
import type { Source } from './source.ts';
import type { Table } from './table.ts';
import { insertTables } from './table.store.ts';
import { TakenNames } from './taken-names.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'tables.registered': { source: string; tables: { id: string; sqlName: string; isPublic: boolean }[] };
  }
}

const mostAtOnce = 1000;

const tablesInput = z
  .array(newTableInput)
  .min(1, 'Name at least one table.')
  .max(mostAtOnce, `Register at most ${mostAtOnce} tables at once.`);

/**
 * Registers several relations of a source, all or none; a name that is taken, or given twice, is a fault of the input like
 * any other, and all faults are told with the index of their table.
 */
export const registerTables = defineOperation({
  rule: { role: 'core.admin' },
  event: 'tables.registered',
  input: z.strictObject({ source: z.string(), tables: tablesInput }),
  async prepare({ input, services }) {
    const source = demandSource(services, input.source);
    const statements = input.tables.flatMap(({ options }, index) =>
      typeof options['statement'] === 'string' ? [{ options, path: `tables.${index}.options` }] : [],
    );
    await checkStatements(services, { source, tables: statements });
  },
  async run({ tx, input, services, record }): Promise<Table[]> {
    const source = demandSource(services, input.source);
    const tables = newTables(services, { source, inputs: input.tables, at: tx.at });
    await insertTables(tx, tables);
    record({
      resource: `source:${source.id}`,
      details: {
        source: source.name,
        tables: tables.map(({ id, sqlName, isPublic }) => ({ id, sqlName, isPublic })),
      },
    });
    return tables;
  },
});

function newTables(
  services: Services,
  given: { source: Source; inputs: z.output<typeof tablesInput>; at: Date },
): Table[] {
  const taken = new TakenNames(services.registry);
  const faults: FieldFault[] = [];
  const tables = given.inputs.flatMap((input, index) => {
    const path = `tables.${index}.`;
    try {
      const table = newTable(services, { ...given, input, path });
      faults.push(...taken.faultsOf(table).map((fault) => ({ ...fault, path: `${path}${fault.path}` })));
      taken.add(table);
      return [table];
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      faults.push(...error.fields);
      return [];
    }
  });
  if (faults.length > 0) throw new InvalidInputError(faults);
  return tables;
}
