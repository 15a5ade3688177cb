/** A DuckDB identifier: `na"me` becomes `"na""me"`. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A DuckDB string literal: `it's` becomes `'it''s'`. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A DuckDB list of string literals. */
export function quoteLiterals(texts: readonly string[]): string {
  return `[${texts.map(quoteLiteral).join(', ')}]`;
}
