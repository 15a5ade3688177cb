import type { DescribedColumn } from '../contract.ts';
import { askStorage, type Connection } from './client.ts';
import { columnDescription, columnType } from './column-types.ts';
import { aboutTable, anyAnswer } from './run-export.ts';
import { tableShape, type StorageTable } from './storage-shapes.ts';

/** Whose word ours is at Keboola; a person's counts before it. The predecessor wrote under the same name. */
const provider = 'ai-metadata-enrichment';

interface Entry {
  columnName: string;
  key: string;
  value: string;
}

/**
 * Writes types and descriptions of columns as metadata of the table or alias, in one request, where Keboola says something
 * else; what others wrote stays as it is. Resolves to the names of the columns that were written.
 */
export async function pushColumns(
  connection: Connection,
  { table, columns }: { table: string; columns: readonly DescribedColumn[] },
): Promise<string[]> {
  const path = `tables/${encodeURIComponent(table)}`;
  try {
    const { value: detail } = await askStorage(connection, { path, shape: tableShape });
    const there = columns.filter(({ name }) => detail.columns.includes(name));
    const news = there.map((column) => newsOf(detail, column)).filter((entries) => entries.length > 0);
    if (news.length > 0) {
      // The keys are numbers, as those of a list: https://keboola.docs.apiary.io/#reference/metadata/table-metadata
      const body = { provider, columnsMetadata: Object.fromEntries(news.entries()) };
      await askStorage(connection, { method: 'POST', path: `${path}/metadata`, body, shape: anyAnswer });
    }
    return news.flatMap(([first]) => first?.columnName ?? []);
  } catch (error) {
    throw aboutTable(table, error);
  }
}

/** What is to be said of a column that neither counts at Keboola nor was written there before. */
function newsOf(detail: StorageTable, { name, type, description }: DescribedColumn): Entry[] {
  const wanted: [key: string, value: string][] = [];
  if (description !== null && columnDescription(detail, name) !== description)
    wanted.push(['KBC.description', description]);
  if (columnType(detail, name) !== shortType(type)) wanted.push(...typeEntries(type));
  const own = (detail.columnMetadata?.[name] ?? []).filter((entry) => entry.provider === provider);
  return wanted
    .filter(([key, value]) => !own.some((entry) => entry.key === key && entry.value === value))
    .map(([key, value]) => ({ columnName: name, key, value }));
}

function shortType(type: string): string {
  return type === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMPTZ' : type.replaceAll(' ', '');
}

/** Such that `columnType` reads the same DuckDB type from it again; what Keboola has no type for is text. */
function typeEntries(type: string): [key: string, value: string][] {
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type);
  if (decimal) return [...typed('NUMERIC', 'NUMERIC'), ['KBC.datatype.length', `${decimal[1]},${decimal[2]}`]];
  if (type === 'BIGINT') return typed('INTEGER', 'INTEGER');
  if (type === 'DOUBLE') return typed('FLOAT', 'FLOAT');
  if (type === 'BOOLEAN' || type === 'DATE') return typed(type, type);
  if (type === 'TIMESTAMP') return typed('TIMESTAMP', 'TIMESTAMP_NTZ');
  if (type === 'TIMESTAMP WITH TIME ZONE') return typed('TIMESTAMP', 'TIMESTAMP_TZ');
  return typed('STRING', 'VARCHAR');
}

function typed(basetype: string, type: string): [key: string, value: string][] {
  return [
    ['KBC.datatype.basetype', basetype],
    ['KBC.datatype.type', type],
  ];
}
