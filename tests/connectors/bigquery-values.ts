import {
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBDecimalType,
  type DuckDBListType,
  type DuckDBStructType,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';

/** A field of a schema as BigQuery's REST interface tells it. */
export interface StandInField {
  name: string;
  type: string;
  mode?: string;
  fields?: StandInField[];
  precision?: string;
  scale?: string;
  rangeElementType?: { type: string };
}

const plainTypes: Partial<Record<DuckDBTypeId, string>> = {
  [DuckDBTypeId.BOOLEAN]: 'BOOLEAN',
  [DuckDBTypeId.INTEGER]: 'INTEGER',
  [DuckDBTypeId.BIGINT]: 'INTEGER',
  [DuckDBTypeId.DOUBLE]: 'FLOAT',
  [DuckDBTypeId.BLOB]: 'BYTES',
  [DuckDBTypeId.DATE]: 'DATE',
  [DuckDBTypeId.TIME]: 'TIME',
  [DuckDBTypeId.TIMESTAMP]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'TIMESTAMP',
};

/** The field of a column that DuckDB answers with. */
export function fieldOf(name: string, type: DuckDBType): StandInField {
  if (type.typeId === DuckDBTypeId.LIST)
    return { ...fieldOf(name, (type as DuckDBListType).valueType), mode: 'REPEATED' };
  if (type.typeId === DuckDBTypeId.STRUCT) {
    const { entryNames, entryTypes } = type as DuckDBStructType;
    return { name, type: 'RECORD', fields: entryNames.map((entry, index) => fieldOf(entry, entryTypes[index]!)) };
  }
  if (type.typeId === DuckDBTypeId.DECIMAL) {
    const { width, scale } = type as DuckDBDecimalType;
    if (width === 38 && scale === 9) return { name, type: 'NUMERIC' };
    return {
      name,
      type: width - scale > 29 || scale > 9 ? 'BIGNUMERIC' : 'NUMERIC',
      precision: `${width}`,
      scale: `${scale}`,
    };
  }
  return { name, type: plainTypes[type.typeId] ?? 'STRING', mode: 'NULLABLE' };
}

/** One row as https://cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/list sends it. */
export function encodeRow(row: readonly DuckDBValue[]): { f: { v: unknown }[] } {
  return { f: row.map((value) => ({ v: encode(value) })) };
}

function encode(value: DuckDBValue): unknown {
  if (value === null) return null;
  if (value instanceof DuckDBListValue) return value.items.map((item) => ({ v: encode(item) }));
  if (value instanceof DuckDBStructValue) return encodeRow(Object.values(value.entries));
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof DuckDBTimestampTZValue) return String(value.micros);
  if (value instanceof DuckDBTimestampValue) return value.toString().replace(' ', 'T');
  return String(value);
}
