import { attachedCatalogPrefix } from './remote-attachment.ts';
import { StatementRefusedError } from './statement-errors.ts';
import { allowedFunctions, allowedTableFunctions } from './statement-functions.ts';
import { allowedContainers, allowedNodes, reservedSchemas } from './statement-grammar.ts';

/** One object of the tree that DuckDB's parser makes of a statement. */
export type TreeNode = Record<string, unknown>;

/** Finds what a table's name means; `schema` is empty for a bare name. Undefined: no such table for this caller. */
export type FindTable<T> = (schema: string, name: string) => T | undefined;

/** Names of common table expressions that can be seen from a place in the statement. */
interface Scope {
  visible: ReadonlySet<string>;
  /** Recursive ones, inside their own recursive part, where `recurring.name` means something too. */
  recurring: ReadonlySet<string>;
}

interface Visit {
  value: unknown;
  /** The key under which the value stands in its parent. */
  key: string;
  scope: Scope;
}

/**
 * Walks the whole tree of one SELECT and returns the tables it reads, or throws a `StatementRefusedError`. Allowed is what
 * the lists name and nothing else; a name that is neither a table of the caller nor a CTE in scope does not exist.
 */
export function checkTree<T>(root: TreeNode, findTable: FindTable<T>): Set<T> {
  const found = new Set<T>();
  // A stack of our own: a long chain of UNION is as deep as it is long.
  const visits: Visit[] = [{ value: root, key: 'node', scope: { visible: new Set(), recurring: new Set() } }];
  for (let visit = visits.pop(); visit; visit = visits.pop()) {
    const { value, key, scope } = visit;
    if (Array.isArray(value)) {
      for (const item of value) visits.push({ value: item, key, scope });
    } else if (isNode(value)) {
      checkNode(value, key);
      const table = value['type'] === 'BASE_TABLE' ? readTable(value, scope, findTable) : undefined;
      if (table !== undefined) found.add(table);
      visits.push(...childrenOf(value, scope));
    }
  }
  return found;
}

/** DuckDB's own views, reachable by a bare name. No CTE bears such a name, so that no mistake about scopes can show one. */
const systemName = /^(duckdb|pg|pragma|sqlite)_/i;

/** ASCII letters only, as DuckDB compares identifiers: `K` (the Kelvin sign) is no `k`. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function isNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null;
}

function checkNode(node: TreeNode, key: string): void {
  if (typeof node['class'] !== 'string' && typeof node['type'] !== 'string') {
    if (!allowedContainers.has(key)) throw formNotAllowed(key);
    return;
  }
  const kind = typeof node['class'] === 'string' ? `${node['class']}/${text(node['type'])}` : text(node['type']);
  if (!allowedNodes.has(kind)) throw formNotAllowed(kind);
  if (kind === 'TABLE_FUNCTION') checkTableFunction(node['function']);
  else if (kind.startsWith('FUNCTION/') || kind.startsWith('WINDOW/')) checkFunction(node, key);
  else if (kind === 'UNBOUND_TYPE_INFO' && (text(node['catalog']) || text(node['schema'])))
    throw formNotAllowed('type');
  else if (kind === 'BASE_TABLE' && node['at_clause']) throw formNotAllowed('AT');
}

function checkFunction(node: TreeNode, key: string): void {
  // A table function was looked up in its own list.
  if (key === 'function') return;
  const name = text(node['function_name']);
  if (!allowedFunctions.has(foldName(name))) throw functionNotAllowed(name);
  // `main` is what the parser writes for `[…]` and `{…}`; any other name is a column, as in `name.upper()`, unless a system
  // is attached by it: a macro of a foreign file could bear the name of a function that is allowed.
  const schema = foldName(text(node['schema']));
  const isReserved = (schema !== 'main' && reservedSchemas.has(schema)) || schema.startsWith(attachedCatalogPrefix);
  if (text(node['catalog']) || isReserved) throw functionNotAllowed(name);
  if (node['export_state']) throw formNotAllowed('EXPORT_STATE');
}

function checkTableFunction(call: unknown): void {
  if (!isNode(call) || call['class'] !== 'FUNCTION') throw formNotAllowed('TABLE_FUNCTION');
  const name = text(call['function_name']);
  if (!allowedTableFunctions.has(foldName(name)) || text(call['schema']) || text(call['catalog'])) {
    throw functionNotAllowed(name);
  }
}

function readTable<T>(node: TreeNode, scope: Scope, findTable: FindTable<T>): T | undefined {
  const [catalog, schema, name] = [text(node['catalog_name']), text(node['schema_name']), text(node['table_name'])];
  const folded = foldName(name);
  if (!catalog && !schema && scope.visible.has(folded)) return undefined;
  if (!catalog && foldName(schema) === 'recurring' && scope.recurring.has(folded)) return undefined;
  const table = catalog ? undefined : findTable(foldName(schema), folded);
  if (table === undefined) throw tableNotFound([catalog, schema, name].filter(Boolean).join('.'));
  return table;
}

/** What stands below a node, each with the CTEs it can see: those before it, and a recursive one in its recursive part. */
function childrenOf(node: TreeNode, scope: Scope): Visit[] {
  const visits: Visit[] = [];
  let inside = scope;
  for (const { key: name, value: definition } of commonTableExpressions(node)) {
    if (systemName.test(name)) throw nameReserved(name);
    visits.push({ value: definition, key: 'value', scope: inside });
    inside = { visible: new Set(inside.visible).add(foldName(name)), recurring: inside.recurring };
  }
  for (const [key, value] of Object.entries(node)) {
    if (key === 'cte_map' || !isNode(value)) continue;
    const recursive = node['type'] === 'RECURSIVE_CTE_NODE' && key === 'right';
    visits.push({ value, key, scope: recursive ? withRecursion(inside, text(node['cte_name'])) : inside });
  }
  return visits;
}

function commonTableExpressions(node: TreeNode): { key: string; value: unknown }[] {
  const map = isNode(node['cte_map']) ? node['cte_map']['map'] : [];
  return Array.isArray(map) ? map.map((entry: TreeNode) => ({ key: text(entry['key']), value: entry['value'] })) : [];
}

function withRecursion(scope: Scope, name: string): Scope {
  const folded = foldName(name);
  return { visible: new Set(scope.visible).add(folded), recurring: new Set(scope.recurring).add(folded) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The same sentence for a table that does not exist and for one that the caller may not read. */
function tableNotFound(name: string): StatementRefusedError {
  return new StatementRefusedError(
    `The table ${shorten(name)} does not exist, or you may not read it; list the tables to see their SQL names.`,
  );
}

function functionNotAllowed(name: string): StatementRefusedError {
  return new StatementRefusedError(`The function ${shorten(name)} does not exist, or statements may not use it.`);
}

function nameReserved(name: string): StatementRefusedError {
  return new StatementRefusedError(
    `The name ${shorten(name)} is reserved; give the common table expression another one.`,
  );
}

const formHints: Readonly<Record<string, string>> = {
  'PARAMETER/VALUE_PARAMETER': 'Parameters are not supported; write the values into the statement.',
  SHOW_REF: 'DESCRIBE, SHOW and SUMMARIZE are not supported; ask for the columns of a table instead.',
};

function formNotAllowed(kind: string): StatementRefusedError {
  const hint = 'The statement uses a form of SQL that is not supported here; write one plain SELECT.';
  return new StatementRefusedError(formHints[kind] ?? hint, kind);
}

function shorten(name: string): string {
  return name.length > 200 ? `${name.slice(0, 200)}…` : name;
}
