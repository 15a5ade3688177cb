const safeName = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Whether `name` may name a source or a table: an ASCII letter or underscore, then letters, digits, underscores, at most 64. */
export function isSafeName(name: string): boolean {
  return safeName.test(name);
}

/** `name` as a quoted SQL identifier; throws when it holds a NUL character. */
export function quoteIdentifier(name: string): string {
  return `"${refuseNul(name).replaceAll('"', '""')}"`;
}

/** `text` as a SQL string literal; throws when it holds a NUL character. */
export function quoteLiteral(text: string): string {
  return `'${refuseNul(text).replaceAll("'", "''")}'`;
}

/** `texts` as a SQL list of literals. */
export function quoteLiterals(texts: readonly string[]): string {
  return `[${texts.map(quoteLiteral).join(', ')}]`;
}

/** `path` as a SQL literal for DuckDB's file readers, which would expand `*`, `?` and `[` in a bare path as a pattern. */
export function quotePath(path: string): string {
  return quoteLiteral(path.replace(/[*?[]/g, '[$&]'));
}

/** `paths` as a SQL list of literals for DuckDB's file readers. */
export function quotePaths(paths: readonly string[]): string {
  return `[${paths.map(quotePath).join(', ')}]`;
}

function refuseNul(text: string): string {
  if (text.includes('\0')) throw new Error('a NUL character cannot stand in SQL');
  return text;
}
