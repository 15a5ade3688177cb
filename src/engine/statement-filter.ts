import { sha256 } from '../kernel/ids.ts';
import { quoteIdentifier, quoteLiteral } from './identifier.ts';
import type { Catalog, RowCondition } from './statement-protocol.ts';

/** The rows of one table that a statement sees: those that meet every condition. */
export interface TableFilter {
  sqlName: string;
  conditions: readonly RowCondition[];
}

const castableType =
  /^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\s*\d+\)|VARCHAR|UUID|DATE|TIMESTAMP|TIMESTAMP_(S|MS|NS)|TIMESTAMP WITH TIME ZONE)$/;

/** Whether a condition can be put on a column of this type, as DuckDB writes it. */
export function isFilterable(type: string): boolean {
  return castableType.test(type);
}

/** The same catalog, in which each filtered table has, under each of its names, only the rows that meet its conditions. */
export function filterCatalog(catalog: Catalog, filters: readonly TableFilter[]): Catalog {
  if (filters.length === 0) return catalog;
  const conditions = new Map(filters.map((filter) => [filter.sqlName, filter.conditions]));
  const tables = catalog.tables.map((table) => {
    const wanted = conditions.get(table.sqlName);
    return wanted ? { ...table, conditions: wanted } : table;
  });
  return { key: sha256(JSON.stringify([catalog.key, filters])), tables };
}

/** The conditions as what stands behind WHERE; every value is a literal of its column's type. */
export function conditionsSql(conditions: readonly RowCondition[]): string {
  return conditions.map(conditionSql).join(' AND ');
}

function conditionSql({ column, type, operator, values }: RowCondition): string {
  if (!isFilterable(type)) throw new Error(`no condition can be put on a column of type ${type}`);
  const literals = values.map((value) => `TRY_CAST(${quoteLiteral(value)} AS ${type})`);
  const name = quoteIdentifier(column);
  return operator === 'in' ? `${name} IN (${literals.join(', ')})` : `${name} ${operator} ${literals[0]}`;
}
