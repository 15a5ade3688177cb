import { splitList } from '../setup-guide/split-list.ts';
import type { TableSettings } from './documents.ts';

/** A table's settings as the texts of a form. */
export interface TypedTable {
  description: string;
  schedule: string;
  isPublic: boolean;
  primaryKey: string;
  watermarkColumn: string;
  sqlName: string;
  alias: string;
  bucket: string;
  options: string;
}

/** The texts with which the form begins. */
export function typeTable(table: TableSettings): TypedTable {
  return {
    description: table.description ?? '',
    schedule: table.schedule ?? '',
    isPublic: table.isPublic,
    primaryKey: table.primaryKey.join(', '),
    watermarkColumn: table.watermarkColumn ?? '',
    sqlName: table.sqlName,
    alias: table.alias ?? '',
    bucket: table.bucket ?? '',
    options: JSON.stringify(table.options, null, 2),
  };
}

/** What `updateTable` takes: what was typed anew and nothing else, null for what is to be cleared; null when the options are no JSON. */
export function changesOf(before: TypedTable, typed: TypedTable) {
  const isNew = (field: keyof TypedTable) => typed[field] !== before[field];
  const options = isNew('options') ? parse(typed.options) : undefined;
  if (options === null) return null;
  return {
    ...(isNew('description') && { description: typed.description.trim() || null }),
    ...(isNew('schedule') && { schedule: typed.schedule.trim() || null }),
    ...(isNew('isPublic') && { isPublic: typed.isPublic }),
    ...(isNew('primaryKey') && { primaryKey: splitList(typed.primaryKey) }),
    ...(isNew('watermarkColumn') && { watermarkColumn: typed.watermarkColumn.trim() || null }),
    ...(isNew('sqlName') && { sqlName: typed.sqlName.trim() }),
    ...(isNew('alias') && { alias: typed.alias.trim() || null }),
    ...(isNew('bucket') && { bucket: typed.bucket.trim() || null }),
    ...(options !== undefined && { options }),
  };
}

function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
