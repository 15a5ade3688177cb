import { isRecord } from './issue.ts';

/**
 * The text of an Atlassian document, its pieces joined by one blank; text stays as it is, and nothing is the empty text.
 */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  const pieces: string[] = [];
  collect(value, pieces);
  return pieces.join(' ');
}

function collect(node: unknown, pieces: string[]): void {
  if (!isRecord(node)) return;
  const { text, attrs, content } = node;
  const own = typeof text === 'string' ? text : node['type'] !== 'text' && isRecord(attrs) ? attrs['text'] : undefined;
  if (typeof own === 'string' && own.trim() !== '') pieces.push(own.trim());
  if (Array.isArray(content)) for (const child of content) collect(child, pieces);
}
