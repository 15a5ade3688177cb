const prefix = 'Table:';

/** What an address of this app names a table by, besides its name. */
export function storedIdOf(globalId: string): string {
  return globalId.startsWith(prefix) ? globalId.slice(prefix.length) : globalId;
}

/** The global id of the table whose id stands in an address. */
export function globalIdOf(storedId: string): string {
  return `${prefix}${storedId}`;
}
