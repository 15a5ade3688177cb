import { quoteLiteral } from './identifier.ts';

/** What a nested value looks like, as DuckDB's `json_structure` writes it: a leaf's type, a list's one item, an object's fields. */
export type Structure = string | [Structure] | { [field: string]: Structure };

const mostFields = 200;

/**
 * The one structure that holds both, with the fields of `one` first. Whole numbers and fractions make `DOUBLE`; what does not
 * agree otherwise makes `JSON`.
 */
export function mergeStructures(one: Structure, other: Structure): Structure {
  if (other === 'NULL') return one;
  if (one === 'NULL') return other;
  if (typeof one === 'string' && typeof other === 'string') return mergeLeaves(one, other);
  if (typeof one === 'string' || typeof other === 'string') return 'JSON';
  if (Array.isArray(one) || Array.isArray(other)) {
    return Array.isArray(one) && Array.isArray(other) ? [mergeStructures(one[0], other[0])] : 'JSON';
  }
  const fields = new Map(Object.entries(one));
  for (const [field, structure] of Object.entries(other)) {
    fields.set(field, mergeStructures(fields.get(field) ?? 'NULL', structure));
  }
  return Object.fromEntries(fields);
}

/** As `json_transform` takes it: where fields cannot be those of a struct, or are too many, the value stays `JSON`. */
export function storedStructure(found: Structure): Structure {
  if (typeof found === 'string') return isWhole(found) ? 'BIGINT' : found === 'NULL' ? 'VARCHAR' : found;
  if (Array.isArray(found)) return [storedStructure(found[0])];
  const names = Object.keys(found);
  const isPlain = names.every((name) => name !== '' && !/["\\\p{Cc}]/u.test(name));
  const isUnique = new Set(names.map((name) => name.toLowerCase())).size === names.length;
  if (names.length === 0 || names.length > mostFields || !isPlain || !isUnique) return 'JSON';
  return Object.fromEntries(Object.entries(found).map(([name, field]) => [name, storedStructure(field)]));
}

/** SQL over the JSON text `value`: whether an object that becomes a struct has a key twice. */
export function repeatsKey(value: string, stored: Structure): string {
  const tests = objectPaths(stored, '$').map((path) => {
    const keys = `json_keys(${value}, ${quoteLiteral(path)})`;
    if (!path.includes('[*]')) return `len(${keys}) <> len(list_distinct(${keys}))`;
    return `len(list_filter(${keys}, lambda k: len(k) <> len(list_distinct(k)))) > 0`;
  });
  return tests.length === 0 ? 'false' : `coalesce(${tests.join(' OR ')}, false)`;
}

/** SQL over the JSON text `value`: whether it has a number that a nested `BIGINT` or `DOUBLE` would change. */
export function hasLargeNumber(value: string, found: Structure): string {
  const digits = JSON.stringify(found).includes('"DOUBLE"') ? 16 : 19;
  return `regexp_matches(${value}, ${quoteLiteral(`[\\[,:]-?[0-9]{${digits},}[,}\\]]|[0-9][eE][+]?[0-9]{3}`)})`;
}

function objectPaths(structure: Structure, path: string): string[] {
  if (typeof structure === 'string') return [];
  if (Array.isArray(structure)) return objectPaths(structure[0], `${path}[*]`);
  const below = Object.entries(structure).flatMap(([name, field]) => objectPaths(field, `${path}."${name}"`));
  return [path, ...below];
}

function mergeLeaves(one: string, other: string): string {
  if (one === other) return one;
  const isNumber = (leaf: string) => leaf === 'DOUBLE' || isWhole(leaf);
  if (!isNumber(one) || !isNumber(other)) return 'JSON';
  return isWhole(one) && isWhole(other) ? 'BIGINT' : 'DOUBLE';
}

function isWhole(leaf: string): boolean {
  return leaf === 'BIGINT' || leaf === 'UBIGINT' || leaf === 'HUGEINT';
}
