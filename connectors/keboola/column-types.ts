import type { StorageMetadata, StorageTable } from './storage-shapes.ts';

interface StorageType {
  basetype: string;
  /** Of the backend, such as `TIMESTAMP_TZ`; empty when not known. */
  type: string;
  length: string | null;
}

/** Whose word counts when several said something of a column. */
const providers: readonly ((provider: string) => boolean)[] = [
  (provider) => provider === 'user',
  (provider) => provider === 'ai-metadata-enrichment',
  (provider) => provider.includes('transformation'),
];

/** The value that the first of the providers gives for one of the keys, in their order; undefined when none does. */
export function metadataValue(metadata: StorageMetadata, keys: readonly string[]): string | undefined {
  for (const isProvider of providers) {
    for (const key of keys) {
      const found = metadata.find((entry) => entry.key === key && isProvider(entry.provider ?? ''));
      if (found?.value) return found.value;
    }
  }
  return undefined;
}

/** What is known of a column, and of an alias what is known of its table where the alias says nothing of these keys. */
function metadataAbout(table: StorageTable, column: string, keys: readonly string[]): StorageMetadata {
  const own = table.columnMetadata?.[column] ?? [];
  const isTold = metadataValue(own, keys) !== undefined;
  return isTold ? own : (table.sourceTable?.columnMetadata?.[column] ?? []);
}

/** What Keboola says that a column means; undefined when nobody said so there. */
export function columnDescription(table: StorageTable, column: string): string | undefined {
  const keys = ['KBC.description'];
  return metadataValue(metadataAbout(table, column, keys), keys);
}

/**
 * The DuckDB type of a column: as exact as what Keboola knows of it, and `VARCHAR` when it knows nothing. A value that does
 * not fit stops the table, so no digit is lost.
 */
export function columnType(table: StorageTable, column: string): string {
  const native = nativeType(table, column);
  if (native) return duckDbType(native, table.bucket?.backend ?? '');
  const keys = ['KBC.datatype.basetype', 'KBC.datatype.type'];
  const metadata = metadataAbout(table, column, keys);
  const basetype = metadataValue(metadata, keys);
  if (basetype === undefined) return 'VARCHAR';
  const type = metadataValue(metadata, ['KBC.datatype.type']) ?? '';
  const length = metadataValue(metadata, ['KBC.datatype.length']) ?? null;
  return duckDbType({ basetype, type, length }, table.bucket?.backend ?? '');
}

function nativeType(table: StorageTable, column: string): StorageType | undefined {
  const definition = table.definition ?? table.sourceTable?.definition;
  const found = definition?.columns.find(({ name }) => name === column);
  if (!found) return undefined;
  const { type, length } = found.definition;
  return { basetype: found.basetype ?? type, type, length };
}

function duckDbType({ basetype, type, length }: StorageType, backend: string): string {
  const name = basetype.toUpperCase();
  if (/^(INTEGER|INT|BIGINT|SMALLINT|TINYINT|INT64)$/.test(name)) return 'BIGINT';
  if (/^(NUMERIC|DECIMAL|NUMBER|BIGNUMERIC)$/.test(name)) return decimalType(type, length);
  if (/^(FLOAT|DOUBLE|REAL|FLOAT64|FLOAT4|FLOAT8)$/.test(name)) return 'DOUBLE';
  if (/^(BOOLEAN|BOOL)$/.test(name)) return 'BOOLEAN';
  if (name === 'DATE') return 'DATE';
  if (name.startsWith('TIMESTAMP') || name === 'DATETIME') return timestampType(name, type.toUpperCase(), backend);
  return 'VARCHAR';
}

/** Without a length: what BigQuery’s NUMERIC holds. Numbers that are longer than DuckDB’s stay text. */
function decimalType(type: string, length: string | null): string {
  if (length === null) return type.toUpperCase() === 'BIGNUMERIC' ? 'VARCHAR' : 'DECIMAL(38,9)';
  const found = /^\s*(\d+)\s*(?:,\s*(\d+)\s*)?$/.exec(length);
  const [width, scale] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
  return width >= 1 && width <= 38 && scale <= width ? `DECIMAL(${width},${scale})` : 'VARCHAR';
}

/** BigQuery’s TIMESTAMP is an instant, that of the others a time on a wall. */
function timestampType(basetype: string, type: string, backend: string): string {
  const known = type.startsWith('TIMESTAMP') || type === 'DATETIME' ? type : basetype;
  if (known.endsWith('TZ') && !known.endsWith('NTZ')) return 'TIMESTAMPTZ';
  if (known === 'TIMESTAMP' && backend === 'bigquery') return 'TIMESTAMPTZ';
  return 'TIMESTAMP';
}
