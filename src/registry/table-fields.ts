import { z } from 'zod';
import { sourceName, sqlIdentifier } from './source.ts';

/** A bare name for statements: an identifier that DuckDB does not use for itself. */
export const tableAlias = sourceName;

/** A table's name within its source; a folder bears it too. */
export const tableName = sqlIdentifier;

export const tableBucket = z.string().max(200, 'Use at most 200 characters.');

export const tableDescription = z.string().max(10_000, 'Use at most 10,000 characters.');

/** Names of columns, none twice. */
export const tablePrimaryKey = z
  .array(z.string().min(1, 'Name a column.'))
  .refine((columns) => new Set(columns).size === columns.length, 'Name each column once.');

/** Where the rows of a table are when a statement reads it. */
export const tableQueryMode = z.enum(['local', 'remote', 'materialized']);

export const tableOptions = z.record(z.string(), z.unknown());

/** The column by which new rows are told. */
export const tableWatermark = z.string().min(1, 'Name a column.');
