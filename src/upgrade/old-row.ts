import { storableText } from '../store/copy/tables.ts';
import type { ForeignValue } from '../store/duckdb/foreign-file.ts';

/** As many as a double always keeps. */
const mostDigits = 15;

/** One row of the predecessor, read by the names of its columns; it knows which values nobody has asked for. */
export class OldRow {
  readonly table: string;
  readonly #values: Readonly<Record<string, ForeignValue>>;
  readonly #unread: Set<string>;

  constructor(table: string, values: Readonly<Record<string, ForeignValue>>) {
    this.table = table;
    this.#values = values;
    this.#unread = new Set(Object.keys(values).filter((name) => values[name] !== null));
  }

  /** Whether the table has the column, in this version of it. */
  has(column: string): boolean {
    return Object.hasOwn(this.#values, column);
  }

  /** Whether there is a value, of whatever kind. */
  holds(column: string): boolean {
    return (this.#values[column] ?? null) !== null;
  }

  /**
   * The value as text; null where there is none, or no such column. What not every database can store becomes U+FFFD, and then the
   * value counts as not asked for.
   */
  text(column: string): string | null {
    const value = this.#values[column] ?? null;
    if (value === null) return null;
    const text = value instanceof Date ? value.toISOString() : String(value);
    const stored = storableText(text);
    if (stored === text) this.#unread.delete(column);
    return stored;
  }

  /** The instant, in the years 1 to 9999; null for whatever is none. */
  instant(column: string): Date | null {
    const value = this.#take(column, isStorableInstant);
    return value instanceof Date ? value : null;
  }

  /** The whole number; null for whatever is none. */
  integer(column: string): number | null {
    const value = this.#take(column, Number.isSafeInteger);
    return typeof value === 'number' ? value : null;
  }

  boolean(column: string): boolean | null {
    const value = this.#take(column, (found) => typeof found === 'boolean');
    return typeof value === 'boolean' ? value : null;
  }

  /**
   * What the JSON text says; undefined where there is none, or it cannot be read: then the text counts as not asked for, as it does where
   * it has a number with more digits than are kept.
   */
  json(column: string): unknown {
    const value = this.#values[column] ?? null;
    if (value === null) return undefined;
    try {
      const read = JSON.parse(String(value)) as unknown;
      if (!hasLongNumber(String(value))) this.#unread.delete(column);
      return read;
    } catch {
      return undefined;
    }
  }

  /** The texts of a JSON list; none where it is anything else, which then counts as not asked for. */
  texts(column: string): string[] {
    const read = this.json(column);
    if (read === undefined) return [];
    if (Array.isArray(read) && read.every((entry) => typeof entry === 'string')) return read;
    if (read !== null) this.#unread.add(column);
    return [];
  }

  /** Says that a value has no place after all. */
  giveBack(column: string): void {
    if ((this.#values[column] ?? null) !== null) this.#unread.add(column);
  }

  /** The values nobody has asked for, as JSON can hold them. */
  unread(): Record<string, unknown> {
    return asJson(Object.fromEntries([...this.#unread].map((name) => [name, this.#values[name]!])));
  }

  /** All values, as JSON can hold them. */
  all(): Record<string, unknown> {
    return asJson(this.#values);
  }

  #take(column: string, fits: (value: ForeignValue) => boolean): ForeignValue {
    const value = this.#values[column] ?? null;
    if (value === null || !fits(value)) return null;
    this.#unread.delete(column);
    return value;
  }
}

function asJson(values: Readonly<Record<string, ForeignValue>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, fitsJson(value) ? value : String(value)]),
  );
}

function fitsJson(value: ForeignValue): boolean {
  return typeof value === 'number' ? Number.isFinite(value) : typeof value !== 'bigint';
}

/** Whether it is an instant in the years that PostgreSQL and RFC 3339 know. */
export function isStorableInstant(value: ForeignValue): value is Date {
  return value instanceof Date && value.getUTCFullYear() >= 1 && value.getUTCFullYear() <= 9999;
}

/** Whether a number in the JSON text, which is valid, may have more digits, or a greater exponent, than a double keeps. */
function hasLongNumber(text: string): boolean {
  if (!/[\d.]{16}|\d[eE]/.test(text)) return false;
  const numbers = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').match(/\d[\d.]*(?:[eE][+-]?\d+)?/g) ?? [];
  return numbers.some((number) => {
    const digits = number
      .replace(/[eE].*$/, '')
      .replace('.', '')
      .replace(/^0+/, '');
    return digits.length > mostDigits || !Number.isFinite(Number(number));
  });
}
