/** A statement that was run in this browser. */
export interface PastStatement {
  statement: string;
  /** When it was last run, as RFC 3339 text. */
  at: string;
}

/** How many are kept; the oldest go. */
export const keptStatements = 50;

/** Longer statements are not kept: browsers keep a few megabytes for a whole site. */
export const longestKept = 50_000;

/** The statements with this one in front; run before, it moves there. */
export function withStatement(past: readonly PastStatement[], added: PastStatement): PastStatement[] {
  if (added.statement.trim() === '' || added.statement.length > longestKept) return [...past];
  const others = past.filter(({ statement }) => statement !== added.statement);
  return [added, ...others].slice(0, keptStatements);
}

/** What was written, or nothing when that is not what this app writes. */
export function parseHistory(text: string | null): PastStatement[] {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  return Array.isArray(stored) ? stored.filter(isPastStatement).slice(0, keptStatements) : [];
}

function isPastStatement(value: unknown): value is PastStatement {
  if (typeof value !== 'object' || value === null) return false;
  const { statement, at } = value as Partial<Record<keyof PastStatement, unknown>>;
  return typeof statement === 'string' && typeof at === 'string' && !Number.isNaN(Date.parse(at));
}
