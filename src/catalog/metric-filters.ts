import { isFilterable, type TableFilter } from '../engine/statement-filter.ts';
import type { RowCondition } from '../engine/statement-pool.ts';
import { InvalidInputError, type FieldFault } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';
import type { MetricDefinition } from './metric.ts';
import { namesOfTables, tablesNamed } from './named-tables.ts';
import { findColumn, isTime, readableTables } from './readable-tables.ts';

/** What a metric is narrowed to. A day is `2026-01-31`, an instant RFC 3339; `from` is included, `to` is not. */
export interface MetricCut {
  from?: string | null;
  to?: string | null;
  /** Rows whose dimension has one of the values; each dimension once. */
  filters: readonly { dimension: string; values: readonly string[] }[];
}

/** The cut as conditions on the metric's tables; throws an `InvalidInputError` with every fault. */
export function cutTables(
  services: Services,
  given: { principal: Principal; definition: MetricDefinition; cut: MetricCut },
): TableFilter[] {
  const { definition, cut } = given;
  const faults: FieldFault[] = [];
  const tables = tablesOf(services, given);
  const conditions = new Map<string, RowCondition[]>();
  const add = (table: Table, condition: RowCondition): void => {
    conditions.set(table.sqlName, [...(conditions.get(table.sqlName) ?? []), condition]);
  };
  for (const [path, operator] of [['from', '>='] as const, ['to', '<'] as const]) {
    const value = cut[path];
    if (value == null) continue;
    const placed = findTimeColumn(services, { definition, tables });
    const text = typeof placed === 'string' ? null : timeLiteral(value, placed.column.type);
    if (typeof placed === 'string') faults.push({ path, message: placed });
    else if (text === null) faults.push({ path, message: timeHint(placed.column.type) });
    else add(placed.table, { column: placed.column.name, type: placed.column.type, operator, values: [text] });
  }
  for (const [index, { dimension, values }] of cut.filters.entries()) {
    const placed = findDimension(services, { definition, tables, dimension });
    const path = `filters.${index}`;
    if (typeof placed === 'string') faults.push({ path: `${path}.dimension`, message: placed });
    else if (values.length === 0) faults.push({ path: `${path}.values`, message: 'Give at least one value.' });
    else {
      const { name, type } = placed.column;
      const misfit = values.find((value) => !fits(value, type));
      if (misfit !== undefined) {
        faults.push({ path: `${path}.values`, message: `${JSON.stringify(misfit)} is no ${type}.` });
      } else add(placed.table, { column: name, type, operator: 'in', values });
    }
  }
  if (faults.length > 0) throw new InvalidInputError(faults);
  return [...conditions].map(([sqlName, wanted]) => ({ sqlName, conditions: wanted }));
}

interface PlacedColumn {
  table: Table;
  column: { name: string; type: string };
}

/** The tables that the definition names, where the name means one; its own table first, null when it is not there. */
function tablesOf(
  services: Services,
  { principal, definition }: { principal: Principal; definition: MetricDefinition },
): { own: Table | null; all: Table[] } {
  const known = readableTables(services, principal);
  const meant = namesOfTables(definition).map((name) => tablesNamed(known, name));
  const single = meant.map((found) => (found.length === 1 ? found[0]! : null));
  return { own: definition.table === null ? null : single[0]!, all: single.filter((table) => table !== null) };
}

interface Place {
  definition: MetricDefinition;
  tables: { own: Table | null; all: Table[] };
}

function findTimeColumn(services: Services, { definition, tables }: Place): PlacedColumn | string {
  const { timeColumn } = definition;
  if (timeColumn === null) return 'The metric has no time column, so that it cannot be cut by time.';
  const column = tables.own && findColumn(services, tables.own, timeColumn);
  if (!tables.own || !column) return `The metric’s table has no column ${timeColumn} now.`;
  if (!isTime(column.type)) return `The metric’s time column is ${column.type}, not a date or a time.`;
  return { table: tables.own, column };
}

function findDimension(
  services: Services,
  { definition, tables, dimension }: Place & { dimension: string },
): PlacedColumn | string {
  const known = definition.dimensions.find((name) => name.toLowerCase() === dimension.toLowerCase());
  if (known === undefined) {
    const names = definition.dimensions.join(', ');
    return names ? `The metric’s dimensions are ${names}.` : 'The metric has no dimensions.';
  }
  for (const table of tables.all) {
    const column = findColumn(services, table, known);
    if (!column) continue;
    if (isFilterable(column.type)) return { table, column };
    return `Rows cannot be chosen by ${known}, which is ${column.type}.`;
  }
  return `No table of the metric has a column ${known} now.`;
}

const day = /^\d{4}-\d\d-\d\d$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/;

/** The text that casts to the column's type; null when it is no time, or an instant where there are days only. */
function timeLiteral(value: string, type: string): string | null {
  const isDay = day.test(value);
  if (!isDay && (type === 'DATE' || !instant.test(value))) return null;
  const date = new Date(value);
  if (Number.isNaN(date.getTime()) || (isDay && date.toISOString().slice(0, 10) !== value)) return null;
  if (type === 'DATE') return value;
  const text = date.toISOString().replace('T', ' ').replace('Z', '');
  return type === 'TIMESTAMP WITH TIME ZONE' ? `${text}+00` : text;
}

function timeHint(type: string): string {
  const hint = 'Give a day such as 2026-01-31';
  return type === 'DATE' ? `${hint}; the metric counts days.` : `${hint} or an instant such as 2026-01-31T09:00:00Z.`;
}

function fits(value: string, type: string): boolean {
  if (value.includes('\0')) return false;
  if (type === 'BOOLEAN') return value === 'true' || value === 'false';
  if (/INT/.test(type)) return /^-?\d{1,39}$/.test(value);
  if (/^(DECIMAL|FLOAT|DOUBLE)/.test(type)) return /^-?\d+(\.\d+)?$/.test(value);
  if (isTime(type)) return timeLiteral(value, type) === value || /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/.test(value);
  return true;
}
