import type { TableSummary } from './documents.ts';

/** The first column that has the text that was searched for; null when the table's names or its description have it. */
export function findColumn(table: TableSummary, search: string): TableSummary['columns'][number] | null {
  const text = search.trim().toLowerCase();
  const hasText = (part: string | null) => part !== null && part.toLowerCase().includes(text);
  if (text === '' || [table.sqlName, table.alias, table.description].some(hasText)) return null;
  return table.columns.find(({ name, description }) => hasText(name) || hasText(description)) ?? null;
}
