/**
 * The dotted path of the first text in `value`, keys included, that holds the character U+0000, which PostgreSQL cannot
 * store; null when there is none. The root's own path is empty.
 */
export function findNul(value: unknown, path = ''): string | null {
  if (typeof value === 'string') return value.includes('\0') ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = key.includes('\0') ? path : findNul(inner, path ? `${path}.${key}` : key);
    if (found !== null) return found;
  }
  return null;
}

/** What is wrong with a text in which `findNul` found one. */
export const nulSentence = 'A text must not hold the character U+0000; remove it.';
