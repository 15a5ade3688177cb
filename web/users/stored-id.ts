const prefix = 'User:';

/** What an address of this app names a user by. */
export function storedIdOf(globalId: string): string {
  return globalId.startsWith(prefix) ? globalId.slice(prefix.length) : globalId;
}

/** The global id of the user whom an address names. */
export function globalIdOf(storedId: string): string {
  return `${prefix}${storedId}`;
}
