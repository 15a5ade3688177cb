const aliasPattern = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Names of DuckDB itself. */
const reserved = /^(information_schema|main|memory|system|temp|recurring|(duckdb|pg|pragma|sqlite)_.*)$/i;

/** Why `alias` cannot name a remote, or null; `taken` are the names in use, in lower case. */
export function aliasFault(alias: string, taken: ReadonlySet<string>): string | null {
  if (!aliasPattern.test(alias)) return 'Use a letter or _, then letters, digits or _, at most 64 characters.';
  if (reserved.test(alias)) return `${alias} is a name that SQL uses itself; choose another.`;
  if (taken.has(alias.toLowerCase())) return `${alias} names something else already; choose another.`;
  return null;
}
