import {
  DuckDBArrayType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBUnionType,
  type DuckDBType,
} from '@duckdb/node-api';
import { quoteIdentifier } from './identifier.ts';

/** A type as DuckDB writes it, aliases such as `JSON` included, also inside lists, structs and maps. */
export function describeType(type: DuckDBType): string {
  if (type.alias) return type.alias;
  if (type instanceof DuckDBListType) return `${describeType(type.valueType)}[]`;
  if (type instanceof DuckDBArrayType) return `${describeType(type.valueType)}[${type.length}]`;
  if (type instanceof DuckDBMapType) return `MAP(${describeType(type.keyType)}, ${describeType(type.valueType)})`;
  if (type instanceof DuckDBStructType) return `STRUCT(${describeMembers(type.entryNames, type.entryTypes)})`;
  if (type instanceof DuckDBUnionType) return `UNION(${describeMembers(type.memberTags, type.memberTypes)})`;
  return type.toString();
}

/** Whether the type holds a struct with two nameless fields, as `row(1, 2)` does: an object cannot keep them apart. */
export function hasNamelessFields(type: DuckDBType): boolean {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return hasNamelessFields(type.valueType);
  if (type instanceof DuckDBMapType) return [type.keyType, type.valueType].some(hasNamelessFields);
  if (type instanceof DuckDBUnionType) return type.memberTypes.some(hasNamelessFields);
  if (!(type instanceof DuckDBStructType)) return false;
  return new Set(type.entryNames).size < type.entryCount || type.entryTypes.some(hasNamelessFields);
}

function describeMembers(names: readonly string[], types: readonly DuckDBType[]): string {
  return types
    .map((type, index) => {
      const name = names[index] ?? '';
      if (name === '') return describeType(type);
      return `${/^[a-z_][a-z0-9_]*$/i.test(name) ? name : quoteIdentifier(name)} ${describeType(type)}`;
    })
    .join(', ');
}
