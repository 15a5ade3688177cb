import { createHash } from 'node:crypto';

/** Names what a table holds by the SHA-256 of each of its files, in any order: equal contents have equal versions. */
export function contentVersion(sha256s: readonly string[]): string {
  return createHash('sha256').update(sha256s.toSorted().join('\n')).digest('hex').slice(0, 16);
}
