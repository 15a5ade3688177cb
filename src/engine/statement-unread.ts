import { quoteIdentifier } from './identifier.ts';
import { checkTree, foldName, type TreeNode } from './statement-gate.ts';
import type { ResultColumn, UnreadTable } from './statement-protocol.ts';

/** DuckDB’s own parser: the tree of one SELECT. */
export type ParseStatement = (statement: string) => Promise<TreeNode>;

/** A relation in brackets that has these columns and no row. Types come from a source, so the gate judges them first. */
export async function emptyRelation(parse: ParseStatement, columns: readonly ResultColumn[]): Promise<string> {
  const items = columns.map(({ name, type }) => `CAST(NULL AS ${type}\n) AS ${quoteIdentifier(name)}`);
  const select = `SELECT ${items.join(', ')}\nLIMIT 0`;
  const tree = await parse(select);
  checkTree(tree, () => undefined);
  const found = tree['select_list'];
  if (!Array.isArray(found) || found.length !== columns.length) throw new Error(`not a list of columns: ${select}`);
  return `(${select})`;
}

/**
 * The tables among `relations` that have to be read first, by `sqlName`, each with all columns whose names occur anywhere in the
 * statement: more than are needed at times, never fewer. All of them where the statement takes rows as a whole.
 */
export function unreadTables(
  tree: TreeNode,
  relations: Iterable<{
    sqlName: string;
    columns?: readonly ResultColumn[];
    conditions: readonly { column: string }[];
  }>,
): UnreadTable[] {
  const unread = new Map<string, UnreadTable>();
  let words: ReturnType<typeof wordsOf> | undefined;
  for (const { sqlName, columns, conditions } of relations) {
    if (!columns) continue;
    words ??= wordsOf(tree);
    const { mentioned, whole } = words;
    const wanted = new Set(conditions.map(({ column }) => foldName(column)));
    const named = columns
      .map(({ name }) => name)
      .filter((name) => mentioned.has(foldName(name)) || wanted.has(foldName(name)));
    const needed = whole ? columns.map(({ name }) => name) : named;
    unread.set(sqlName, { sqlName, columns: needed.length > 0 ? needed : columns.slice(0, 1).map(({ name }) => name) });
  }
  return [...unread.values()].toSorted((left, right) => (left.sqlName < right.sqlName ? -1 : 1));
}

/** Every text in the tree, folded, and whether rows are taken as a whole: by `*`, by their table's name, or column by column. */
function wordsOf(tree: TreeNode): { mentioned: Set<string>; whole: boolean } {
  const mentioned = new Set<string>();
  const relationNames = new Set<string>();
  const references = new Set<string>();
  let whole = false;
  const waiting: unknown[] = [tree];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === 'string') mentioned.add(foldName(value));
    if (typeof value !== 'object' || value === null) continue;
    waiting.push(...Object.values(value).filter((part) => part !== null && part !== undefined));
    const node = value as TreeNode;
    whole ||= takesWhole(node);
    for (const name of [node['table_name'], node['alias']]) {
      if (typeof name === 'string' && node['class'] === undefined) relationNames.add(foldName(name));
    }
    // `orders` and `shop.orders` may be rows; the last name of `orders.id` is a column.
    const reference = node['class'] === 'COLUMN_REF' ? (node['column_names'] as string[]).at(-1) : undefined;
    if (reference !== undefined) references.add(foldName(reference));
  }
  return { mentioned, whole: whole || [...references].some((name) => relationNames.has(name)) };
}

function takesWhole(node: TreeNode): boolean {
  if (node['class'] === 'STAR' || node['type'] === 'PIVOT' || node['ref_type'] === 'NATURAL') return true;
  const renamed = node['column_name_alias'];
  return Array.isArray(renamed) && renamed.length > 0;
}
