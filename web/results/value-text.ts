/** The most of a value that stands in a cell, in characters. */
export const shownCharacters = 300;

/** A value as it came, without loss; lists and structs as JSON. Null for NULL. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** The beginning of a text, in one line, as a cell shows it. */
export function shorten(text: string): string {
  const line = text.slice(0, shownCharacters).replaceAll(/\s+/g, ' ');
  return text.length > shownCharacters ? `${line}…` : line;
}

/** Whether values of this type of DuckDB are numbers. */
export function isNumeric(type: string): boolean {
  return /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|BIGNUM|DECIMAL\b.*|FLOAT|DOUBLE)$/.test(type);
}
