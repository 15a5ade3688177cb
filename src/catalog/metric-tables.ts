import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';
import type { MetricDefinition } from './metric.ts';
import { namesOfTables, tablesInSql, tablesNamed } from './named-tables.ts';
import { readableTables } from './readable-tables.ts';

/** A table of a metric: its name, and the table where it is one that the principal may read. */
export interface MetricTable {
  name: string;
  table: Table | null;
}

/** The tables that a definition names, by its own words and in its order, then those that only its SQL names. */
export function tablesOfMetric(
  services: Services,
  { principal, definition }: { principal: Principal; definition: MetricDefinition },
): MetricTable[] {
  const readable = readableTables(services, principal);
  const named = [...new Set(namesOfTables(definition))].flatMap((name): MetricTable[] => {
    const meant = tablesNamed(readable, name);
    return meant.length === 0 ? [{ name, table: null }] : meant.map((table) => ({ name, table }));
  });
  const known = new Set(named.map(({ table }) => table?.id));
  const further = tablesInSql(readable, definition).filter(({ id }) => !known.has(id));
  return [...named, ...further.map((table) => ({ name: table.sqlName, table }))];
}
