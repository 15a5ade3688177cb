import {
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  type DuckDBPreparedStatement,
  type DuckDBValue,
} from '@duckdb/node-api';
import { narrowInteger } from '../integers.ts';

/** Binds `$1 …`: integers as BIGINT, `Date` as TIMESTAMPTZ, bytes as BLOB. JSON is bound as text by whoever stores it. */
export function bindParameters(statement: DuckDBPreparedStatement, parameters: readonly unknown[]): void {
  statement.clearBindings();
  for (const [offset, value] of parameters.entries()) bindParameter(statement, offset + 1, value);
}

function bindParameter(statement: DuckDBPreparedStatement, index: number, value: unknown): void {
  if (value === null || value === undefined) statement.bindNull(index);
  else if (typeof value === 'string') statement.bindVarchar(index, value);
  else if (typeof value === 'boolean') statement.bindBoolean(index, value);
  else if (typeof value === 'bigint') statement.bindBigInt(index, value);
  else if (typeof value === 'number') bindNumber(statement, index, value);
  else if (value instanceof Date) statement.bindTimestampTZ(index, new DuckDBTimestampTZValue(microsOf(value)));
  else if (value instanceof Uint8Array) statement.bindBlob(index, value);
  else throw new TypeError(`Parameter $${index} is of a type that the state database does not store.`);
}

function bindNumber(statement: DuckDBPreparedStatement, index: number, value: number): void {
  if (Number.isSafeInteger(value)) statement.bindBigInt(index, BigInt(value));
  else statement.bindDouble(index, value);
}

function microsOf(date: Date): bigint {
  return BigInt(date.getTime()) * 1000n;
}

/** A value as PostgreSQL's driver gives it too: whole numbers `number` while exact, else `bigint`; instants `Date`. */
export function readValue(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return narrowInteger(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof DuckDBTimestampTZValue) return new Date(Number(value.micros / 1000n));
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes);
  throw new TypeError(`${value.constructor.name} is a type that the state database does not store.`);
}
