const prefix = 'SyncRun:';

/** What an address of this app names a run by. */
export function storedIdOf(globalId: string): string {
  return globalId.startsWith(prefix) ? globalId.slice(prefix.length) : globalId;
}

/** The global id of the run that an address names. */
export function globalIdOf(storedId: string): string {
  return `${prefix}${storedId}`;
}
