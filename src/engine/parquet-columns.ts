import {
  DuckDBArrayType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBTypeId,
  type DuckDBPreparedStatement,
  type DuckDBType,
} from '@duckdb/node-api';
import { quoteIdentifier } from './identifier.ts';
import { StatementFailedError } from './statement-errors.ts';
import { describeType } from './type-text.ts';

/** Types that Parquet would hold with fewer digits or without their zone, and a type that holds all they say. */
const exactTypes: ReadonlyMap<DuckDBTypeId, string> = new Map([
  [DuckDBTypeId.HUGEINT, 'DECIMAL(38,0)'],
  [DuckDBTypeId.UHUGEINT, 'DECIMAL(38,0)'],
  [DuckDBTypeId.INTERVAL, 'VARCHAR'],
  [DuckDBTypeId.TIME_TZ, 'VARCHAR'],
  [DuckDBTypeId.UNION, 'VARCHAR'],
]);

/**
 * The statement in brackets as a SELECT that Parquet can hold without loss: HUGEINT and UHUGEINT become DECIMAL(38,0) and fail
 * beyond 38 digits, INTERVAL, TIMETZ and UNION become text. Throws for a column that holds one of these inside a list,
 * struct or map.
 */
export function parquetSelect(prepared: DuckDBPreparedStatement, enclosed: string): string {
  const columns = Array.from({ length: prepared.columnCount }, (_, index) => ({
    name: prepared.columnName(index),
    type: prepared.columnType(index),
  }));
  for (const { name, type } of columns) if (isNested(type) && losesSomething(type)) throw cannotHold(name, type);
  if (!columns.some(({ type }) => exactTypes.has(type.typeId))) return `FROM ${enclosed}`;
  const list = columns.map(({ name, type }, index) => {
    const exact = exactTypes.get(type.typeId);
    return `${exact ? `CAST(c${index} AS ${exact})` : `c${index}`} AS ${quoteIdentifier(name)}`;
  });
  return `SELECT ${list.join(', ')} FROM ${enclosed} AS exported(${columns.map((_, index) => `c${index}`).join(', ')})`;
}

function isNested(type: DuckDBType): boolean {
  return partsOf(type).length > 0;
}

function losesSomething(type: DuckDBType): boolean {
  return exactTypes.has(type.typeId) || partsOf(type).some(losesSomething);
}

function partsOf(type: DuckDBType): readonly DuckDBType[] {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return [type.valueType];
  if (type instanceof DuckDBMapType) return [type.keyType, type.valueType];
  return type instanceof DuckDBStructType ? type.entryTypes : [];
}

function cannotHold(name: string, type: DuckDBType): StatementFailedError {
  return new StatementFailedError(
    `Parquet cannot hold the column ${name} of type ${describeType(type)} without loss; cast it, or export CSV or NDJSON.`,
  );
}
