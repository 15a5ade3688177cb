import type { Table } from '../registry/table.ts';
import type { MetricDefinition } from './metric.ts';

/** The tables that a name in a metric definition may mean: by SQL name, else by alias, else by name at their sources. */
export function tablesNamed(tables: readonly Table[], name: string): Table[] {
  const folded = name.trim().toLowerCase();
  const exact =
    tables.find((table) => table.sqlName.toLowerCase() === folded) ??
    tables.find((table) => table.alias?.toLowerCase() === folded);
  return exact ? [exact] : tables.filter((table) => table.name.toLowerCase() === folded);
}

/** The names that the definition gives in `table` and `tables`, `table` first. */
export function namesOfTables({ table, tables }: MetricDefinition): string[] {
  return table === null ? tables : [table, ...tables];
}

const namePart = String.raw`[\p{L}_][\p{L}\p{N}_$]*`;
const nameChain = new RegExp(String.raw`(\bas\s+)?(${namePart}(?:\s*\.\s*${namePart})*)`, 'giu');

/**
 * The registered tables that the statements of the definition may read. A name in the text counts as a table wherever it
 * stands, but behind AS: a table too many hides the definition from somebody, a table too few would show it.
 */
export function tablesInSql(tables: readonly Table[], { sql, sqlVariants }: MetricDefinition): Table[] {
  const names = new Set<string>();
  for (const text of [sql, ...sqlVariants.map((variant) => variant.sql)]) {
    for (const [, behindAs, chain = ''] of text.replaceAll('"', '').toLowerCase().matchAll(nameChain)) {
      const parts = chain.split(/\s*\.\s*/);
      if (!behindAs) names.add(parts[0] ?? '');
      for (const [index, part] of parts.entries()) names.add(`${parts[index - 1] ?? ''}.${part}`);
    }
  }
  return tables.filter(
    ({ sqlName, alias }) => names.has(sqlName.toLowerCase()) || (alias !== null && names.has(alias.toLowerCase())),
  );
}
