/** One field of a schema: https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema */
export interface Field {
  name: string;
  type: string;
  mode?: string;
  fields?: Field[];
  precision?: string;
  scale?: string;
  rangeElementType?: { type: string };
}

/** The DuckDB type that holds every value of the field exactly. */
export function duckdbType(field: Field): string {
  const type = elementType(field);
  return isRepeated(field) ? `${type}[]` : type;
}

function elementType(field: Field): string {
  if (isStruct(field)) {
    const inner = (field.fields ?? []).map((part) => `${quoteName(part.name)} ${duckdbType(part)}`);
    return `STRUCT(${inner.join(', ')})`;
  }
  return plainTypes[field.type] ?? decimalType(field) ?? 'VARCHAR';
}

const plainTypes: Record<string, string | undefined> = {
  INTEGER: 'BIGINT',
  INT64: 'BIGINT',
  FLOAT: 'DOUBLE',
  FLOAT64: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  BOOL: 'BOOLEAN',
  BYTES: 'BLOB',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'TIMESTAMP',
  TIMESTAMP: 'TIMESTAMPTZ',
  JSON: 'JSON',
};

/** NUMERIC has 38 digits, 9 of them behind the point; BIGNUMERIC has 76, 38 of them behind it, unless it says fewer. */
function decimalType({ type, precision, scale }: Field): string | undefined {
  if (type === 'NUMERIC' || type === 'DECIMAL') return `DECIMAL(${precision ?? 38},${precision ? (scale ?? 0) : 9})`;
  const isBig = type === 'BIGNUMERIC' || type === 'BIGDECIMAL';
  return isBig && Number(precision ?? 76) <= 38 ? `DECIMAL(${precision},${scale ?? 0})` : undefined;
}

/**
 * SQL that reads the columns of `fields` out of `row`, the JSON of one row as BigQuery's REST interface sends it:
 * `{"f":[{"v":…},…]}`, each value a text, timestamps in microseconds.
 */
export function selectColumns(fields: readonly Field[]): string {
  return fields
    .map(
      (field, index) =>
        `${valueSql(field, { of: 'row', path: `$.f[${index}].v`, depth: 1 })} AS ${quoteName(field.name)}`,
    )
    .join(', ');
}

/** The value at `path` of the JSON `of`. */
interface Place {
  of: string;
  path: string;
  depth: number;
}

function valueSql(field: Field, place: Place): string {
  if (!isRepeated(field)) return isStruct(field) ? structSql(field, place) : leafSql(field, textAt(place));
  const item = `e${place.depth}`;
  const element = valueSql({ ...field, mode: 'NULLABLE' }, { of: item, path: '$.v', depth: place.depth + 1 });
  const items = `json_extract(${place.of}, '${place.path}[*]')`;
  return `CASE WHEN json_type(${place.of}, '${place.path}') = 'ARRAY'
    THEN list_transform(${items}, lambda ${item}: ${element})::${duckdbType(field)} END`;
}

function structSql(field: Field, place: Place): string {
  const parts = (field.fields ?? []).map((part, index) => {
    const value = valueSql(part, { ...place, path: `${place.path}.f[${index}].v` });
    return `${quoteName(part.name)} := ${value}`;
  });
  return `CASE WHEN json_type(${place.of}, '${place.path}') = 'OBJECT' THEN struct_pack(${parts.join(', ')}) END`;
}

function textAt({ of, path }: Place): string {
  return `json_extract_string(${of}, '${path}')`;
}

function leafSql(field: Field, text: string): string {
  const type = elementType(field);
  if (type === 'BLOB') return `from_base64(${text})`;
  if (type === 'TIMESTAMPTZ') return `make_timestamptz(${text}::BIGINT)`;
  if (field.type === 'RANGE' && field.rangeElementType?.type === 'TIMESTAMP') return timestampRangeSql(text);
  return `${text}::${type}`;
}

/** The ends of a range of timestamps come in microseconds, too. */
function timestampRangeSql(text: string): string {
  const end = (index: number) => {
    const part = `regexp_extract(${text}, '^\\[(.*), (.*)\\)$', ${index})`;
    return `CASE WHEN ${part} = 'UNBOUNDED' THEN 'UNBOUNDED' ELSE strftime(make_timestamp(${part}::BIGINT), '%Y-%m-%d %H:%M:%S.%f+00') END`;
  };
  return `CASE WHEN ${text} IS NOT NULL THEN '[' || ${end(1)} || ', ' || ${end(2)} || ')' END`;
}

function isRepeated({ mode }: Field): boolean {
  return mode === 'REPEATED';
}

function isStruct({ type }: Field): boolean {
  return type === 'RECORD' || type === 'STRUCT';
}

/** A name as DuckDB's SQL quotes it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
